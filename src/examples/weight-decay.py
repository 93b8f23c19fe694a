"""Four networks: no penalty, L2 in the loss, decoupled weight decay, and L1; with Adam and with SGD."""
from pathlib import Path

import numpy as np

HIDDEN, BATCH, STRENGTH, EPOCHS, TINY, SEED = 64, 64, 0.01, 20, 1e-3, 1
RATES = {"adam": 0.001, "sgd": 0.1}

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
# endregion


# region model
start = [
    random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64),
    random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN),
]


def gradients(net, X, y):
    hidden = np.maximum(X @ net[0], 0)
    z = hidden @ net[1]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    return [X.T @ (dz @ net[1].T * (hidden > 0)), hidden.T @ dz]
# endregion


# region train
def learn(penalty, optimizer):
    chance = np.random.default_rng(SEED)  # the same batches for all
    net, m, v, t = [part.copy() for part in start], [0, 0], [0, 0], 0
    rate = RATES[optimizer]
    for epoch in range(EPOCHS):
        order = chance.permutation(train)
        for first in range(0, len(order), BATCH):
            t += 1
            rows = order[first : first + BATCH]
            for i, g in enumerate(gradients(net, X[rows], y[rows])):
                W = net[i]
                if penalty == "L2":
                    g = g + STRENGTH * W  # the gradient of STRENGTH/2 ||W||^2
                if penalty == "L1":
                    g = g + STRENGTH * np.sign(W)
                if optimizer == "adam":
                    m[i] = 0.9 * m[i] + 0.1 * g
                    v[i] = 0.999 * v[i] + 0.001 * g**2
                    g = m[i] / (1 - 0.9**t) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7)
                net[i] = W - rate * g - (rate * STRENGTH * W if penalty == "decay" else 0)
    accuracy = ((np.maximum(X[test] @ net[0], 0) @ net[1]).argmax(axis=1) == y[test]).mean()
    weights = np.concatenate([W.ravel() for W in net])
    return accuracy, np.linalg.norm(weights), (np.abs(weights) < TINY).mean()


for optimizer in RATES:
    for penalty in ("none", "L2", "decay", "L1"):
        accuracy, length, tiny = learn(penalty, optimizer)
        print(f"{optimizer:4s}  {penalty:5s}  test {accuracy:.3f}  |W| {length:6.3f}  tiny {tiny:.3f}")
# endregion
