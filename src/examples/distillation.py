"""A small network learns from labels, or from the softened answers of a big one (NumPy only)."""
from pathlib import Path

import numpy as np

KNOWN, TAUGHT_ON, T, HIDDEN, EPOCHS, SEED = 200, 1438, 4.0, 8, 20, 1
TEACHER, TAUGHT, BATCH, PAIRS = 128, 8, 64, 5

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
Y = np.eye(10)[y]
# endregion


# region model
def network(hidden):
    he = lambda m, n: random.normal(size=(m, n)) * np.sqrt(2 / m)
    return [he(64, hidden), np.zeros(hidden), he(hidden, 10), np.zeros(10)]


def logits(net, X):
    W1, b1, W2, b2 = net
    return np.maximum(X @ W1 + b1, 0) @ W2 + b2


def softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)
# endregion


# region train
def learn(net, rows, targets, epochs, heat=1.0):
    """Adam on the cross-entropy between the targets and the network's answers at temperature `heat`."""
    m, v, step = [0] * 4, [0] * 4, 0
    for epoch in range(epochs):
        # `rows` counted round, so that 200 pictures give as many steps as 1438.
        places = random.permutation(1438) % len(rows)
        for start in range(0, 1438, BATCH):
            at, step = places[start : start + BATCH], step + 1
            x = X[rows[at]]
            hidden = np.maximum(x @ net[0] + net[1], 0)
            dz = (softmax((hidden @ net[2] + net[3]) / heat) - targets[at]) / len(at) / heat
            dh = dz @ net[2].T * (hidden > 0)
            for i, g in enumerate([x.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]):
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g**2
                size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
                net[i] = net[i] - 0.01 * m[i] / (1 - 0.9**step) / size
    return net


def accuracy(net):
    return (logits(net, X[test]).argmax(axis=1) == y[test]).mean()


taught, known = train[:TAUGHT_ON], train[:KNOWN]
teacher = learn(network(TEACHER), taught, Y[taught], TAUGHT)
print(f"teacher {accuracy(teacher):.4f}")
# region distil
soft = softmax(logits(teacher, X[train]) / T)  # about all pictures, labelled or not
# endregion
gains = []
for pair in range(PAIRS):
    start = network(HIDDEN)
    hard = accuracy(learn(list(start), known, Y[known], EPOCHS))
    distilled = accuracy(learn(list(start), train, soft, EPOCHS, T))
    gains.append(distilled - hard)
    print(f"pair {pair + 1}: labels {hard:.4f}, teacher {distilled:.4f}")
print(f"gain {np.mean(gains):+.4f}, standard deviation {np.std(gains, ddof=1):.4f}")
# endregion
