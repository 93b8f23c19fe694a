"""Test error against the amount of data, and a power law through it."""
from pathlib import Path

import numpy as np

COUNTS, HIDDEN, STEPS, BATCH, REPEATS, SEED = [25, 50, 100, 200, 400, 800, 1438], 32, 400, 50, 3, 1

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
def start():
    W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(1 / 64)
    W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(1 / HIDDEN)
    return [W1, np.zeros(HIDDEN), W2, np.zeros(10)]


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
def error(rows):
    net, m, v = start(), [0] * 4, [0] * 4
    for step in range(1, STEPS + 1):
        batch = random.choice(rows, BATCH)
        for i, g in enumerate(gradients(net, X[batch], y[batch])):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
            net[i] -= 0.01 * m[i] / (1 - 0.9**step) / size
    return (forward(net, X[test])[1].argmax(axis=1) != y[test]).mean()


errors = []
for count in COUNTS:
    runs = [error(random.permutation(train)[:count]) for _ in range(REPEATS)]
    errors.append(np.mean(runs))
    print(f"{count:5d} pictures  error {errors[-1]:.4f}")

slope, start_at = np.polyfit(np.log(COUNTS), np.log(errors), 1)
print(f"error = {np.exp(start_at):.2f} * count ** {slope:.2f}")
# endregion
