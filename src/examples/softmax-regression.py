"""Softmax regression from scratch: two arrays, a gradient written by hand, one line of update."""
from pathlib import Path

import numpy as np

RATE, DEVIATION, RELU, STEPS, SEED = 0.5, 1.0, False, 1000, 1

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :]
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
Y = np.eye(10)[y]  # [1797, 10]
# endregion

# region model
W = random.normal(size=(64, 10)) * DEVIATION
b = np.zeros(10)


def scores(X):
    z = X @ W + b
    return np.maximum(z, 0) if RELU else z


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def loss(X, Y):
    return -(log_softmax(scores(X)) * Y).sum(axis=1).mean()


def gradients(X, Y):
    dz = (np.exp(log_softmax(scores(X))) - Y) / len(X)  # p - y, averaged
    if RELU:
        dz = dz * (X @ W + b > 0)  # the gradient cut off
    return X.T @ dz, dz.sum(axis=0)
# endregion


# region train
for step in range(STEPS):
    if step % 100 == 0:
        print(f"step {step:4d}  loss {loss(X[train], Y[train]):.4f}")
    dW, db = gradients(X[train], Y[train])
    W = W - RATE * dW
    b = b - RATE * db

right = scores(X[test]).argmax(axis=1) == y[test]
print(f"loss {loss(X[train], Y[train]):.4f}  validationAccuracy {right.mean():.4f}")
# endregion
