"""A small convolutional network and a plain one read digits, then the same digits moved by a pixel."""
from pathlib import Path

import numpy as np

CHANNELS, COUNT, EPOCHS, BATCH, HIDDEN, RATE, SEED = 8, 1000, 15, 50, 128, 0.01, 1

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 8, 8) / 16, data[1797 * 64 :]
order = random.permutation(1797)
train, test = order[:COUNT], order[1438:]
padded = np.pad(X[test], ((0, 0), (1, 1), (1, 1)))
moved = [padded[:, i : i + 8, j : j + 8] for i, j in [(1, 0), (1, 2), (0, 1), (2, 1)]]
# endregion


# region model
def weights(inputs, *shape):
    return random.normal(size=shape) * np.sqrt(2 / inputs)


def patches(X):
    """The 36 places of a 3 × 3 kernel on each image: [n, 6, 6, 9]."""
    return np.stack([X[:, i : i + 6, j : j + 6] for i in range(3) for j in range(3)], -1)


def maps(X, K, b):
    after = np.maximum(patches(X) @ K + b, 0)  # [n, 6, 6, channels]
    squares = after.reshape(-1, 3, 2, 3, 2, CHANNELS)
    return after, squares.max(axis=(2, 4))  # [n, 3, 3, channels]


dense = [weights(64, 64, HIDDEN), np.zeros(HIDDEN), weights(HIDDEN, HIDDEN, 10), np.zeros(10)]
cells = 9 * CHANNELS
conv = [weights(9, 9, CHANNELS), np.zeros(CHANNELS), weights(cells, cells, 10), np.zeros(10)]


def dense_logits(X):
    W1, b1, W2, b2 = dense
    return np.maximum(X.reshape(-1, 64) @ W1 + b1, 0) @ W2 + b2


def conv_logits(X):
    K, bK, W, b = conv
    return maps(X, K, bK)[1].reshape(-1, cells) @ W + b
# endregion


# region train
def error(z, y):
    """The gradient of the mean cross-entropy by the logits."""
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y]) / len(y)


def dense_gradients(X, y):
    W1, b1, W2, _ = dense
    flat, dz = X.reshape(-1, 64), error(dense_logits(X), y)
    hidden = np.maximum(flat @ W1 + b1, 0)
    dh = dz @ W2.T * (hidden > 0)
    return [flat.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


def conv_gradients(X, y):
    K, bK, W, _ = conv
    after, pooled = maps(X, K, bK)
    dz = error(conv_logits(X), y)
    back = (dz @ W.T).reshape(-1, 3, 3, CHANNELS).repeat(2, axis=1).repeat(2, axis=2)
    # Pooling sends the error to the cell that was the greatest; ReLU to what is above 0.
    won = after == pooled.repeat(2, axis=1).repeat(2, axis=2)
    dz1 = (back * won * (after > 0)).reshape(-1, CHANNELS)
    dK = patches(X).reshape(-1, 9).T @ dz1  # one kernel, the errors of all its places
    return [dK, dz1.sum(axis=0), pooled.reshape(-1, cells).T @ dz, dz.sum(axis=0)]


def adam(net, gradients, m, v, step):
    for i, g in enumerate(gradients):
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
        net[i] -= RATE * m[i] / (1 - 0.9**step) / size


memory = [[0] * 4 for _ in range(4)]
step = 0
for epoch in range(EPOCHS):
    rows = random.permutation(train)
    for start in range(0, len(rows), BATCH):
        batch, step = rows[start : start + BATCH], step + 1
        adam(conv, conv_gradients(X[batch], y[batch]), *memory[:2], step)
        adam(dense, dense_gradients(X[batch], y[batch]), *memory[2:], step)

for name, logits in [("conv", conv_logits), ("dense", dense_logits)]:
    still, *shifted = [(logits(Z).argmax(axis=1) == y[test]).mean() for Z in [X[test], *moved]]
    print(f"{name} {still:.4f} {name}Moved {np.mean(shifted):.4f}")
# endregion
