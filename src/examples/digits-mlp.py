"""A network with one hidden layer learns to read handwritten digits."""
from pathlib import Path

import numpy as np

HIDDEN, RATE, EPOCHS, BATCH, SEED = 128, 0.003, 10, 64, 1
TAUGHT, INK, OPTIMIZER = 1438, 1, "adam"  # INK: the pixels run from 0 to this

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16 * INK, data[1797 * 64 :]
order = random.permutation(1797)
train, test = order[:TAUGHT], order[1438:]
# endregion

# region model
W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)
net = [W1, np.zeros(HIDDEN), W2, np.zeros(10)]


def logits(X):
    W1, b1, W2, b2 = net
    return np.maximum(X @ W1 + b1, 0) @ W2 + b2
# endregion


# region train
def gradients(X, y):
    W1, b1, W2, b2 = net
    hidden = np.maximum(X @ W1 + b1, 0)
    z = hidden @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


step, m, v = 0, [0] * 4, [0] * 4
for epoch in range(EPOCHS):
    rows = random.permutation(train)
    for start in range(0, len(rows), BATCH):
        batch, step = rows[start : start + BATCH], step + 1
        for i, g in enumerate(gradients(X[batch], y[batch])):
            if OPTIMIZER == "sgd":
                net[i] -= RATE * g
                continue
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
            net[i] -= RATE * m[i] / (1 - 0.9**step) / size

print(f"validationAccuracy {(logits(X[test]).argmax(axis=1) == y[test]).mean():.4f}")
# endregion
