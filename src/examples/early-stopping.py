"""A network that stops when a validation set says so, beside one that learns from all images to the end."""
from pathlib import Path

import numpy as np

HIDDEN, COUNT, BATCH, UPDATES, RATE, SEED = 256, 300, 50, 6, 0.002, 1
PATIENCE, HELD, WRONG, ROUNDS = 5, 60, 0.2, 60

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
learn, test = order[:COUNT], order[1438:]
wrong = random.random(COUNT) < WRONG
given = np.where(wrong, (y[learn] + random.integers(1, 10, COUNT)) % 10, y[learn])
own, held = slice(0, COUNT - HELD), slice(COUNT - HELD, COUNT)
# endregion


# region model
start = [
    random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64),
    random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN),
]


def log_probabilities(net, X):
    hidden = np.maximum(X @ net[0], 0)
    z = hidden @ net[1]
    z -= z.max(axis=1, keepdims=True)
    return hidden, z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def loss(net, X, y):
    return -log_probabilities(net, X)[1][np.arange(len(y)), y].mean()


def accuracy(net):
    return (log_probabilities(net, X[test])[1].argmax(axis=1) == y[test]).mean()
# endregion


# region train
def learner(images, labels):
    """One network; each call of next() is a round of Adam."""
    net, m, v, t = [part.copy() for part in start], [0, 0], [0, 0], 0
    while True:
        for _ in range(UPDATES):
            t += 1
            rows = random.integers(0, len(labels), BATCH)
            hidden, p = log_probabilities(net, images[rows])
            dz = (np.exp(p) - np.eye(10)[labels[rows]]) / BATCH
            dh = dz @ net[1].T * (hidden > 0)
            for i, g in enumerate([images[rows].T @ dh, hidden.T @ dz]):
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g**2
                size = np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7
                net[i] -= RATE * m[i] / (1 - 0.9**t) / size
        yield net


all_of_them = learner(X[learn], given)
validated = learner(X[learn][own], given[own])
best, kept_at, stopped_at, stopped = np.inf, 0, 0, 0.0
for number in range(1, ROUNDS + 1):
    full, net = next(all_of_them), next(validated)
    outside = loss(net, X[learn][held], given[held])
    if not stopped_at and outside < best:
        best, kept_at, stopped = outside, number, accuracy(net)
    elif number - kept_at >= PATIENCE:
        stopped_at = stopped_at or number
    if number % 10 == 0:
        print(f"round {number:3d}  validation loss {outside:.3f}  test {accuracy(net):.3f}")
print(f"stopped in round {stopped_at}, kept round {kept_at}: test {stopped:.3f}")
print(f"to the end: test {accuracy(net):.3f}; with all {COUNT} images: {accuracy(full):.3f}")
# endregion
