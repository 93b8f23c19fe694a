"""A trained network loses its smallest weights, or any, and is trained again (NumPy only)."""
from pathlib import Path

import numpy as np

EPOCHS, RETRAIN, DECAY, SEED = 8, 4, 0.0, 1
HIDDEN, BATCH = 128, 64
SHARES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)

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
W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)
net = [W1, np.zeros(HIDDEN), W2, np.zeros(10)]


def logits(net, X):
    W1, b1, W2, b2 = net
    return np.maximum(X @ W1 + b1, 0) @ W2 + b2


# region cut
def cut(net, share, scores):
    """A copy without the weights of the lowest scores, and the masks that say which stay."""
    masks = [np.ones_like(part) for part in net]
    for i, score in zip((0, 2), scores):
        least = np.argsort(score, axis=None)[: round(share * score.size)]
        masks[i].flat[least] = 0
    return [part * mask for part, mask in zip(net, masks)], masks
# endregion
# endregion


# region train
def gradients(net, X, y):
    W1, b1, W2, b2 = net
    hidden = np.maximum(X @ W1 + b1, 0)
    z = hidden @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


def batches(epochs):
    for epoch in range(epochs):
        rows = random.permutation(train)
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]


def accuracy(net):
    return (logits(net, X[test]).argmax(axis=1) == y[test]).mean()


m, v = [0] * 4, [0] * 4
for step, batch in enumerate(batches(EPOCHS), 1):
    for i, g in enumerate(gradients(net, X[batch], y[batch])):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        net[i] -= 0.003 * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
        net[i] *= 1 - DECAY if i in (0, 2) else 1
print(f"whole: validationAccuracy {accuracy(net):.4f}")

size = [np.abs(net[0]), np.abs(net[2])]
lots = [random.normal(size=net[0].shape), random.normal(size=net[2].shape)]
for name, scores in (("smallest", size), ("any", lots)):
    for share in SHARES:
        thin, masks = cut(net, share, scores)
        before = accuracy(thin)
        for batch in batches(RETRAIN):
            for part, mask, g in zip(thin, masks, gradients(thin, X[batch], y[batch])):
                part -= 0.3 * g * mask  # SGD; what is cut stays zero
        print(f"{name} {share:.0%}: before {before:.4f}, after {accuracy(thin):.4f}")
# endregion
