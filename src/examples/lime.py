"""NumPy twin of lime.ts: a weighted line around one wine explains a network there; widths and seeds change it."""
from pathlib import Path

import numpy as np

HIDDEN, STEPS, RATE, DRAWS = 32, 150, 0.02, 200
rng = np.random.default_rng(0)

# region data
table = np.loadtxt(Path(__file__).parents[2] / "public/datasets/wine/wine.csv", delimiter=",", skiprows=1)
order = rng.permutation(len(table))
train, test = table[order[:125]], table[order[125:]]
mean, deviation = train[:, :13].mean(0), train[:, :13].std(0)  # of the training part only
X, Y = (train[:, :13] - mean) / deviation, np.eye(3)[train[:, 13].astype(int)]
X_test, y_test = (test[:, :13] - mean) / deviation, test[:, 13].astype(int)
# endregion


# region model
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


W1 = rng.normal(0, np.sqrt(1 / 13), (13, HIDDEN))
W2 = rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, 3))
net = lambda rows: np.maximum(rows @ W1, 0) @ W2
# endregion


# region explain
def explain(says, x, width, draws, seed):
    """A weighted linear surrogate of what the model says around x: its weights and its R²."""
    offsets = np.random.default_rng(seed).normal(0, 1, (draws, len(x)))
    answers = says(x + width * offsets)
    near = np.exp(-(offsets**2).sum(axis=1) / (2 * len(x)))
    A = np.hstack([offsets, np.ones((draws, 1))])
    solved = np.linalg.lstsq(A * np.sqrt(near)[:, None], answers * np.sqrt(near), rcond=None)[0]
    left = near @ (answers - A @ solved) ** 2
    spread = near @ (answers - near @ answers / near.sum()) ** 2
    return solved[:-1] / width, 1 - left / spread
# endregion


# region train
slots = [[np.zeros_like(p), np.zeros_like(p)] for p in (W1, W2)]
for t in range(1, STEPS + 1):
    h = np.maximum(X @ W1, 0)
    miss = (softmax(h @ W2) - Y) / len(X)
    back = (miss @ W2.T) * (h > 0)
    for p, (m, v), g in zip((W1, W2), slots, (X.T @ back, h.T @ miss)):
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        p -= RATE * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)

print(f"accuracy {(net(X_test).argmax(1) == y_test).mean():.3f}")
at = softmax(net(X_test)).max(axis=1).argmin()  # the wine it is least sure of
says = lambda rows: softmax(net(rows))[:, y_test[at]]
for width in (0.1, 0.5, 2):
    found = [explain(says, X_test[at], width, DRAWS, seed) for seed in range(5)]
    firsts = [(-np.abs(w)).argsort()[:3].tolist() for w, _ in found]
    print(f"width {width}: R² {np.mean([fit for _, fit in found]):.3f}, first three {firsts}")
# endregion
