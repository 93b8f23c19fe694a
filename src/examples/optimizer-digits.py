"""Each optimizer trains the same small network on handwritten digits."""

from pathlib import Path

import numpy as np

batch, epochs, rate = 32, 5, 1.0

# region data
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
content = np.frombuffer(file.read_bytes(), dtype=np.uint8)
images = content[: 1797 * 64].reshape(1797, 64) / 16
labels = content[1797 * 64 :]
# Other draws than in TypeScript: another split, other first weights, numbers a little different.
order = np.random.default_rng(0).permutation(1797)
train, test = order[:1438], order[1438:]
X, Y = images[train], np.eye(10)[labels[train]]
# endregion


# region model
def network(seed):
    rng = np.random.default_rng(seed)

    def glorot(n, m):
        limit = np.sqrt(6 / (n + m))
        return rng.uniform(-limit, limit, (n, m))

    return [glorot(64, 32), np.zeros(32), glorot(32, 10), np.zeros(10)]


def forward(theta, x):
    W1, b1, W2, b2 = theta
    h = np.maximum(x @ W1 + b1, 0)
    return h, h @ W2 + b2


def gradients(theta, x, y):
    h, z = forward(theta, x)
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    d2 = (p - y) / len(x)  # softmax and cross-entropy together
    d1 = (d2 @ theta[2].T) * (h > 0)
    return [x.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)]


# What tf.train does: state s of one weight array, gradient g, step t → what to subtract.
def sgd(s, g, t):
    return 0.1 * g


def momentum(s, g, t):
    s["v"] = 0.9 * s.get("v", 0) + g
    return 0.1 * s["v"]


def adagrad(s, g, t):
    s["G"] = s.get("G", 0.1) + g**2
    return 0.1 * g / np.sqrt(s["G"] + 1e-7)


def rmsprop(s, g, t):
    s["s"] = 0.9 * s.get("s", 0) + 0.1 * g**2
    return 0.001 * g / np.sqrt(s["s"] + 1e-7)


def adam(s, g, t):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    return 0.001 * s["m"] / (1 - 0.9**t) / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-7)


# endregion


# region train
def accuracy(rule, size):
    theta, states, t = network(1), [{} for _ in range(4)], 0
    rng = np.random.default_rng(2)
    for epoch in range(epochs):
        rows = rng.permutation(len(X))
        for i in range(0, len(X), size):
            t += 1
            chosen = rows[i : i + size]
            for w, s, g in zip(theta, states, gradients(theta, X[chosen], Y[chosen])):
                w -= rate * rule(s, g, t)
    return np.mean(forward(theta, images[test])[1].argmax(1) == labels[test])


print(f"gd        {accuracy(sgd, len(X)):.4f}")
for rule in (sgd, momentum, adagrad, rmsprop, adam):
    print(f"{rule.__name__:9} {accuracy(rule, batch):.4f}")
# endregion
