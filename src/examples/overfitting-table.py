"""Few or many pictures, right or partly wrong labels, narrow or wide networks: which overfit?"""
from pathlib import Path

import numpy as np

NOISE, WIDTHS, SIZES, STEPS, BATCH, SEED = 0.2, (2, 64), (50, 300, 1400), 1000, 50, 1

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
wrong = random.random(1797) < NOISE
noisy = np.where(wrong, (y + random.integers(1, 10, 1797)) % 10, y)
# endregion


# region model
def start(width):
    W1 = random.normal(size=(64, width)) * np.sqrt(1 / 64)
    W2 = random.normal(size=(width, 10)) * np.sqrt(1 / width)
    return [W1, np.zeros(width), W2, np.zeros(10)]


def forward(net, X):
    W1, b1, W2, b2 = net
    hidden = np.tanh(X @ W1 + b1)
    return hidden, hidden @ W2 + b2


def gradients(net, X, y):
    hidden, z = forward(net, X)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ net[2].T * (1 - hidden**2)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]
# endregion


# region train
def learn(rows, told, width):
    net, m, v = start(width), [0] * 4, [0] * 4
    for step in range(1, STEPS + 1):
        batch = random.choice(rows, BATCH)
        for i, g in enumerate(gradients(net, X[batch], told[batch])):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
            net[i] -= 0.01 * m[i] / (1 - 0.9**step) / size
    right = lambda rows, y: (forward(net, X[rows])[1].argmax(axis=1) == y[rows]).mean()
    return right(rows, told), right(test, y)


print("pictures  labels  units  train   test    gap")
for count in SIZES:
    for name, told in (("right", y), ("wrong", noisy)):
        for width in WIDTHS:
            own, fresh = learn(train[:count], told, width)
            print(f"{count:8d}  {name:6s}  {width:5d}  {own:.3f}  {fresh:.3f}  {own - fresh:6.3f}")
# endregion
