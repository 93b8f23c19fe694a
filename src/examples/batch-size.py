"""Five networks read the same digits equally often, in batches of 1, 8, 64, 512 and all."""
from pathlib import Path
from time import perf_counter

import numpy as np

HIDDEN, COUNT, EPOCHS, RATE, BASE, SEED = 32, 1438, 5, 0.1, 8, 1
SIZES = (1, 8, 64, 512, COUNT)
SCALE = lambda size: 1  # or np.sqrt(size / BASE), or size / BASE

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:COUNT], order[COUNT:]
# endregion


# region model
W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)
start = [W1, np.zeros(HIDDEN), W2, np.zeros(10)]


def forward(net, X):
    W1, b1, W2, b2 = net
    hidden = np.maximum(X @ W1 + b1, 0)
    return hidden, hidden @ W2 + b2


def gradients(net, X, y):
    hidden, z = forward(net, X)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ net[2].T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]
# endregion


# region train
print("batch  updates  ms per epoch  test accuracy")
for size in SIZES:
    net, updates = [part.copy() for part in start], 0
    began = perf_counter()
    for epoch in range(EPOCHS):
        order = random.permutation(train)
        for first in range(0, COUNT, size):
            rows = order[first : first + size]
            for part, gradient in zip(net, gradients(net, X[rows], y[rows])):
                part -= RATE * SCALE(size) * gradient
            updates += 1
    milliseconds = 1000 * (perf_counter() - began) / EPOCHS
    accuracy = (forward(net, X[test])[1].argmax(axis=1) == y[test]).mean()
    print(f"{size:5d}  {updates:7d}  {milliseconds:12.1f}  {accuracy:.3f}")
# endregion
