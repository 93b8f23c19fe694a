"""A network learns one task with many labels; its features then serve another with few: frozen, tuned, or not."""
from pathlib import Path

import numpy as np

HIDDEN, BATCH, DRAWS, SOURCE, RATE, SEED = 64, 64, 5, 1000, 0.003, 1
TASK, PER_CLASS, BEFORE, AFTER = "parity", 5, 200, 150  # or "others": 0-4, then 5-9

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
many, rest, test = order[:SOURCE], order[SOURCE:1438], order[1438:]
if TASK == "parity":
    source, target, classes, names = y, y % 2, 10, 2
else:
    source, target, classes, names = np.where(y < 5, y, -1), np.where(y < 5, -1, y - 5), 5, 5
# endregion


# region model
def weights(classes):
    return [
        random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64),
        random.normal(size=(HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
    ]


def gradients(net, X, y):
    hidden = np.maximum(X @ net[0], 0)
    z = hidden @ net[1]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(z.shape[1])[y]) / len(y)
    return [X.T @ (dz @ net[1].T * (hidden > 0)), hidden.T @ dz]


def accuracy(net, labels):
    rows = test[labels[test] >= 0]
    return ((np.maximum(X[rows] @ net[0], 0) @ net[1]).argmax(axis=1) == labels[rows]).mean()
# endregion


# region train
def pretrain(net, labels, steps, pick):
    m, v = [0, 0], [0, 0]
    for t in range(1, steps + 1):  # Adam
        rows = pick()
        g = gradients(net, X[rows], labels[rows])
        for i in (0, 1):
            m[i] = 0.9 * m[i] + 0.1 * g[i]
            v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2
            net[i] = net[i] - RATE * m[i] / (1 - 0.9**t) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7)
    return net


def learn(net, labels, rows, learning=(0, 1)):
    for _ in range(AFTER):  # plain gradient descent
        g = gradients(net, X[rows], labels[rows])
        for i in learning:
            net[i] = net[i] - 0.1 * g[i]
    return net


many = many[source[many] >= 0]
first = pretrain(weights(classes), source, BEFORE, lambda: random.choice(many, BATCH))
print(f"first task: {accuracy(first, source):.3f}")

scores = []
for draw in range(DRAWS):
    shuffled = random.permutation(rest)
    few = np.concatenate([shuffled[target[shuffled] == k][:PER_CLASS] for k in range(names)])
    scratch, head = weights(names), weights(names)[1]
    ways = [
        learn(scratch, target, few),
        learn([first[0], head], target, few, learning=(1,)),
        learn([first[0], head], target, few),
    ]
    scores.append([accuracy(net, target) for net in ways])
for name, score in zip(("scratch", "frozen", "tuned"), np.mean(scores, axis=0)):
    print(f"{name:8s} {score:.3f}")
# endregion
