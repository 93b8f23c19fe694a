"""NumPy twin of shapley.ts: what a network says of one iris, shared exactly among its four measures."""
from math import comb
from pathlib import Path

import numpy as np

HIDDEN, STEPS, RATE = 16, 200, 0.02
rng = np.random.default_rng(0)

# region data
table = np.loadtxt(Path(__file__).parents[2] / "public/datasets/iris/iris.csv", delimiter=",", skiprows=1)
order = rng.permutation(len(table))
train, test = table[order[:105]], table[order[105:]]
X, Y = train[:, :4], np.eye(3)[train[:, 4].astype(int)]
x, species = test[0, :4], int(test[0, 4])
# endregion


# region model
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


W1, b1 = rng.normal(0, np.sqrt(1 / 4), (4, HIDDEN)), np.zeros(HIDDEN)
W2, b2 = rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, 3)), np.zeros(3)
W, b = np.zeros((4, 3)), np.zeros(3)  # the linear rival
net = lambda rows: np.maximum(rows @ W1 + b1, 0) @ W2 + b2
linear = lambda rows: rows @ W + b
# endregion


# region explain
def explain(model, x, background):
    """Asks a model about every coalition; what is not known comes from the background."""
    n = len(x)
    worth = []
    for coalition in range(2**n):
        known = [coalition >> j & 1 == 1 for j in range(n)]
        worth.append(model(np.where(known, x, background)).mean())
    values = np.zeros(n)
    for j in range(n):
        for without in range(2**n):
            if not without >> j & 1:
                adds = worth[without | 1 << j] - worth[without]
                values[j] += adds / (n * comb(n - 1, without.bit_count()))
    return worth[0], values
# endregion


# region train
parts = [W1, b1, W2, b2, W, b]
slots = [[np.zeros_like(p), np.zeros_like(p)] for p in parts]
for t in range(1, STEPS + 1):
    h = np.maximum(X @ W1 + b1, 0)
    miss = (softmax(h @ W2 + b2) - Y) / len(X)
    back = (miss @ W2.T) * (h > 0)
    line = (softmax(linear(X)) - Y) / len(X)
    gradients = X.T @ back, back.sum(0), h.T @ miss, miss.sum(0), X.T @ line, line.sum(0)
    for p, (m, v), g in zip(parts, slots, gradients):
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        p -= RATE * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)

accuracy = (net(test[:, :4]).argmax(1) == test[:, 4]).mean()
said = softmax(net(x[None]))[0, species]
base, values = explain(lambda rows: softmax(net(rows))[:, species], x, X)
print(f"accuracy {accuracy:.3f}")
print(f"{base:.4f} + {values.round(4)} = {base + values.sum():.4f}, the network says {said:.4f}")
_, counted = explain(lambda rows: linear(rows)[:, species], x, X)
closed = W[:, species] * (x - X.mean(axis=0))
print(f"linear model: coalitions and closed form differ by {np.abs(counted - closed).max():.1e}")
# endregion
