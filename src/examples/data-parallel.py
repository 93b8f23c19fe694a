"""A batch shared among machines: the average of their gradients is the gradient of the batch, if it is the right average."""
from pathlib import Path

import numpy as np

MACHINES, BATCH, EPOCHS, HIDDEN, RATE, SEED = 4, 64, 10, 32, 0.3, 1
UNEVEN, BY_DIGIT, PLAIN = False, False, False  # try all three

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]

small = max(1, BATCH // MACHINES // 4)
sizes = [BATCH // MACHINES + (k < BATCH % MACHINES) for k in range(MACHINES)]
if UNEVEN:
    sizes = [BATCH - small * (MACHINES - 1)] + [small] * (MACHINES - 1)
cuts = np.cumsum(sizes)[:-1]
# endregion

# region model
W1 = random.normal(0, np.sqrt(2 / 64), (64, HIDDEN))
W2 = random.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10))
alone = [W1, np.zeros(HIDDEN), W2, np.zeros(10)]
parallel = [w.copy() for w in alone]  # both start from the same numbers


def forward(net, X):
    W1, b1, W2, b2 = net
    h = np.maximum(X @ W1 + b1, 0)
    z = h @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return h, p / p.sum(axis=1, keepdims=True)


def gradients(net, X, y):
    h, p = forward(net, X)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ net[2].T * (h > 0)
    return [X.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0)]
# endregion


# region train
for epoch in range(EPOCHS):
    shuffled = random.permutation(train[: len(train) // BATCH * BATCH])
    for rows in shuffled.reshape(-1, BATCH):
        if BY_DIGIT:
            rows = rows[np.argsort(y[rows])]
        # Each machine sees its own rows and nothing else …
        own = [gradients(parallel, X[part], y[part]) for part in np.split(rows, cuts)]
        # … then the gradients are summed, each with its part, and everybody gets the sum.
        parts = [1 / MACHINES if PLAIN else size / BATCH for size in sizes]
        averaged = [sum(w * g for w, g in zip(parts, each)) for each in zip(*own)]
        whole = gradients(parallel, X[rows], y[rows])
        difference = max(np.abs(a - b).max() for a, b in zip(averaged, whole))
        for net, grads in [(alone, gradients(alone, X[rows], y[rows])), (parallel, averaged)]:
            for w, g in zip(net, grads):
                w -= RATE * g

for name, net in [("alone", alone), ("parallel", parallel)]:
    print(f"{name}: validationAccuracy {(forward(net, X[test])[1].argmax(axis=1) == y[test]).mean():.4f}")
print(f"difference of the last gradients {difference:.2e}")
# endregion
