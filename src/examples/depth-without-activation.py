"""Two spirals, three networks: one layer, three layers in a row, three layers with ReLU between."""

import numpy as np

hidden, learning_rate, turns, noise, steps = 32, 0.02, 1.0, 0.02, 500
rng = np.random.default_rng(1)  # other draws than in TypeScript: numbers differ a little

# region data
y = np.arange(300) % 2
radius = 0.05 + 0.95 * np.sqrt(rng.uniform(size=300))
angle = 2 * np.pi * turns * radius + np.pi * y
X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
X += noise * rng.standard_normal(X.shape)  # [300, 2]
# endregion


# region model
def network(widths):
    pairs = list(zip(widths, widths[1:]))
    W = [np.sqrt(2 / n) * rng.standard_normal((n, m)) for n, m in pairs]
    return W, [np.zeros(m) for m in widths[1:]]


def forward(W, b, relu):
    a = [X]
    for l in range(len(W)):
        z = a[-1] @ W[l] + b[l]
        a.append(np.maximum(z, 0) if relu and l < len(W) - 1 else z)
    return a


def gradients(W, a, relu):
    z = a[-1][:, 0]
    d = ((1 / (1 + np.exp(-z)) - y) / len(y))[:, None]
    dW, db = [], []
    for l in reversed(range(len(W))):
        dW.insert(0, a[l].T @ d)
        db.insert(0, d.sum(0))
        d = d @ W[l].T * ((a[l] > 0) if relu else 1)
    return dW + db


# endregion


# region train
def train(name, widths, relu=False):
    W, b = network(widths)
    theta = W + b
    m = [np.zeros_like(w) for w in theta]
    v = [np.zeros_like(w) for w in theta]
    for t in range(1, steps + 1):  # Adam
        for i, g in enumerate(gradients(W, forward(W, b, relu), relu)):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            m_hat, v_hat = m[i] / (1 - 0.9**t), v[i] / (1 - 0.999**t)
            theta[i] -= learning_rate * m_hat / (np.sqrt(v_hat) + 1e-7)
    z = forward(W, b, relu)[-1][:, 0]
    loss = np.mean(np.logaddexp(0, z) - y * z)
    print(f"{name:26} accuracy {np.mean((z > 0) == y):.4f}, loss {loss:.5f}")


train("one layer", [2, 1])
train("three layers, no activation", [2, hidden, hidden, 1])
train("three layers, ReLU", [2, hidden, hidden, 1], relu=True)
# endregion
