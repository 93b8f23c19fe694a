"""Federated averaging: five clients with two digits each exchange weights, never images (NumPy only)."""
from pathlib import Path

import numpy as np

CLIENTS, MIXING, LOCAL_STEPS, BATCH, ROUNDS, RATE, SEED = 5, 0.0, 10, 32, 30, 0.2, 1
HIDDEN = 32

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
# Client c holds the digits 2c and 2c + 1; each image goes to anyone with probability MIXING.
owner = np.where(random.random(len(train)) < MIXING, random.integers(0, CLIENTS, len(train)), y[train] // 2)
owned = [train[owner == c] for c in range(CLIENTS)]
# endregion

# region model
start = [
    random.normal(0, np.sqrt(2 / 64), (64, HIDDEN)),
    np.zeros(HIDDEN),
    random.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10)),
    np.zeros(10),
]


def forward(w, X):
    hidden = np.maximum(X @ w[0] + w[1], 0)
    z = hidden @ w[2] + w[3]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return hidden, p / p.sum(axis=1, keepdims=True)


def gradients(w, rows):
    hidden, p = forward(w, X[rows])
    dz = (p - np.eye(10)[y[rows]]) / len(rows)
    dh = dz @ w[2].T * (hidden > 0)
    return [X[rows].T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


# endregion


# region train
def local(w, rows):
    """A copy of the weights after some steps on one's own images."""
    w = [a.copy() for a in w]
    for _ in range(LOCAL_STEPS):
        for a, g in zip(w, gradients(w, random.choice(rows, BATCH))):
            a -= RATE * g
    return w


def accuracy(w):
    return (forward(w, X[test])[1].argmax(axis=1) == y[test]).mean()


federated, central, alone = start, start, start
for round in range(1, ROUNDS + 1):
    updates = [local(federated, rows) for rows in owned]
    federated = [np.mean(parts, axis=0) for parts in zip(*updates)]  # the server sees only this
    central = local(central, train)
    alone = local(alone, owned[-1])
    if round in (1, 5, 10, 20, ROUNDS):
        scores = [accuracy(w) for w in (federated, central, alone)]
        print(f"round {round}: federated, central, alone", np.round(scores, 4))

size = sum(a.size for a in start)
print(f"megabytes {ROUNDS * 2 * CLIENTS * size * 4 / 1e6:.2f}")
one = gradients(federated, owned[0][:1])  # a gradient of one image …
unit = np.abs(one[1]).argmax()
picture = one[0][:, unit] / one[1][unit]  # … is that image
print("largest difference from the image", np.abs(picture - X[owned[0][0]]).max())
# endregion
