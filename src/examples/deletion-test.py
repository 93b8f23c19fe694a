"""Erases what a heat map calls important, and as much by chance, and reads the rest."""
from pathlib import Path

import numpy as np

METHOD, ERASE, EPOCHS, HIDDEN, BATCH, SEED = "gradientInput", 4, 10, 128, 64, 1

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :]
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
# endregion

# region model
W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)
net = [W1, np.zeros(HIDDEN), W2]


def logits(X):
    W1, b, W2 = net
    return np.maximum(X @ W1 + b, 0) @ W2
# endregion


# region explain
def heat_map(X, method):
    """How important each pixel of X is for the answer the network gives."""
    if method == "ink":
        return X
    W1, b, W2 = net
    answer = logits(X).argmax(axis=1)
    gradient = (W2[:, answer].T * (X @ W1 + b > 0)) @ W1.T  # of the largest logit
    if method == "gradient":
        return np.abs(gradient)
    scores = gradient * X
    return np.roll(scores, -1, axis=0) if method == "other" else scores


def erase_best(X, scores, count):
    """X without the count pixels of each image that have ink and the best scores."""
    usable = np.where((X > 0) & (scores > 0), scores, -np.inf)
    best = np.argsort(-usable, axis=1)[:, :count]
    found = np.take_along_axis(usable, best, axis=1) > -np.inf
    erased = X.copy()
    kept = np.take_along_axis(X, best, axis=1) * ~found
    np.put_along_axis(erased, best, kept, axis=1)
    return erased
# endregion


# region train
def gradients(X, y):
    W1, b, W2 = net
    hidden = np.maximum(X @ W1 + b, 0)
    z = hidden @ W2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz]


step, m, v = 0, [0] * 3, [0] * 3
for epoch in range(EPOCHS):
    rows = random.permutation(train)
    for start in range(0, len(rows), BATCH):
        batch, step = rows[start : start + BATCH], step + 1
        for i, g in enumerate(gradients(X[batch], y[batch])):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
            net[i] -= 0.003 * m[i] / (1 - 0.9**step) / size


def accuracy(images):
    return (logits(images).argmax(axis=1) == y[test]).mean()


chance = 1 - random.random((len(test), 64))
by_map = erase_best(X[test], heat_map(X[test], METHOD), ERASE)
print(f"validationAccuracy {accuracy(X[test]):.4f}")
print(f"erasedAccuracy {accuracy(by_map):.4f}")
print(f"randomAccuracy {accuracy(erase_best(X[test], chance, ERASE)):.4f}")
# endregion
