"""Reads digits from a few labelled images, before and after knowledge is built in."""
from pathlib import Path

import numpy as np

KNOWLEDGE, ANYWHERE, PER_CLASS = "centre", True, 2
SIDE, REPEATS, STEPS, RATE, SEED = 12, 8, 100, 0.05, 1

# region data
# NumPy's generator: another split and other places than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
images, y = data[: 1797 * 64].reshape(1797, 8, 8) / 16, data[1797 * 64 :]
order = random.permutation(1797)
train, test = order[:1438], order[1438:]


def place(image):
    x, y = random.integers(5, size=2) if ANYWHERE else (2, 2)
    return np.pad(image, [(y, SIDE - 8 - y), (x, SIDE - 8 - x)])


def centre(image):
    ink, middle, axis = image.sum(), (SIDE - 1) / 2, np.arange(SIDE)
    down = np.floor(middle - image.sum(axis=1) @ axis / ink + 0.5)
    right = np.floor(middle - image.sum(axis=0) @ axis / ink + 0.5)
    return np.roll(image, (int(down), int(right)), axis=(0, 1)).ravel()


def blur(image):
    wide, k = np.pad(image, 1), [0.5, 1, 0.5]
    near = [(i, j) for i in range(3) for j in range(3)]
    mixed = sum(k[i] * k[j] / 4 * wide[i : i + SIDE, j : j + SIDE] for i, j in near)
    return np.concatenate([image.ravel(), mixed.ravel()])


def holes(image):
    paper, regions = np.pad(image, 1) <= 0.3, -1
    while paper.any():
        queue, regions = [tuple(np.argwhere(paper)[0])], regions + 1
        while queue:
            i, j = queue.pop()
            if 0 <= i < SIDE + 2 and 0 <= j < SIDE + 2 and paper[i, j]:
                paper[i, j] = False
                queue += [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
    return np.concatenate([image.ravel(), np.eye(3)[min(2, regions)]])


know = {"centre": centre, "blur": blur, "holes": holes}[KNOWLEDGE]


def features(rows):
    placed = [place(images[row]) for row in rows]
    return np.array([p.ravel() for p in placed]), np.array([know(p) for p in placed])


def few():
    rows = random.permutation(train)
    return np.concatenate([rows[y[rows] == digit][:PER_CLASS] for digit in range(10)])
# endregion


# region model
def logits(X, W):
    return X @ W
# endregion


# region train
def fit(X, y):
    W = np.zeros((X.shape[1], 10))
    m, v = np.zeros_like(W), np.zeros_like(W)
    for step in range(1, STEPS + 1):  # softmax regression with Adam
        p = np.exp(logits(X, W))
        g = X.T @ (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y]) / len(y)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        W -= RATE * m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
    return W


tests, scores = features(test), []
for repeat in range(REPEATS):
    rows = few()
    pairs = zip(features(rows), tests)
    scores.append([
        (logits(X_test, fit(X, y[rows])).argmax(axis=1) == y[test]).mean()
        for X, X_test in pairs
    ])
before, after = np.array(scores).T
print(f"before {before.mean():.4f}  after {after.mean():.4f}")
print(f"wins {(after > before).mean():.4f}")
# endregion
