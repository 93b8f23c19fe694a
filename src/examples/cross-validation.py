"""k networks, each tested with another k-th of the digits (NumPy only)."""
from pathlib import Path

import numpy as np

FOLDS, HIDDEN, USED, DECAY, STEPS, SEED = 5, 32, 1797, 0.0, 500, 1
BATCH, RATE = 32, 0.005

# region data
# NumPy's generator: other folds and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)[:USED]
folds = [order[i::FOLDS] for i in range(FOLDS)]  # each row is tested in one
# endregion


# region model
def network():
    W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
    W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)
    return [W1, np.zeros(HIDDEN), W2, np.zeros(10)]


def logits(net, X):
    W1, b1, W2, b2 = net
    return np.tanh(X @ W1 + b1) @ W2 + b2
# endregion


# region train
def learn(net, rows):
    m, v = [0] * 4, [0] * 4
    for step in range(1, STEPS + 1):
        batch = random.choice(rows, BATCH)
        x = X[batch]
        hidden = np.tanh(x @ net[0] + net[1])
        z = hidden @ net[2] + net[3]
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dz = (p - np.eye(10)[y[batch]]) / BATCH
        dh = dz @ net[2].T * (1 - hidden**2)
        for i, g in enumerate([x.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            net[i] -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
            net[i] *= 1 - DECAY if i in (0, 2) else 1
    return net


def accuracy(net, rows):
    return (logits(net, X[rows]).argmax(axis=1) == y[rows]).mean()


scores = []
for i, fold in enumerate(folds):
    rest = np.concatenate([other for other in folds if other is not fold])
    net = learn(network(), rest)
    scores.append(accuracy(net, fold))
    print(f"fold {i + 1}: learned {accuracy(net, rest):.4f}, unseen {scores[-1]:.4f}")
print(f"validationAccuracy {np.mean(scores):.4f}, spread {np.std(scores, ddof=1):.4f}")
# endregion
