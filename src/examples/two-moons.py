"""A small network learns to tell two interlocking half moons apart."""

import numpy as np

hidden, learning_rate, noise, steps = 16, 0.02, 0.1, 400
rng = np.random.default_rng(1)  # other draws than in TypeScript: numbers differ a little

# region data
y = np.arange(200) % 2
angle = np.pi * rng.uniform(size=200)
moon = np.stack([np.cos(angle), np.sin(angle)], axis=1)
X = np.where(y[:, None] == 0, moon, [1, 0.5] - moon)
X += noise * rng.standard_normal(X.shape)  # [200, 2]
# endregion


# region model
def layer(n, m):
    return [np.sqrt(2 / n) * rng.standard_normal((n, m)), np.zeros(m)]


theta = layer(2, hidden) + layer(hidden, hidden) + layer(hidden, 1)


def forward(X):
    W1, b1, W2, b2, W3, b3 = theta
    a1 = np.maximum(X @ W1 + b1, 0)
    a2 = np.maximum(a1 @ W2 + b2, 0)
    return a1, a2, (a2 @ W3 + b3)[:, 0]


def gradients(a1, a2, z):
    d3 = ((1 / (1 + np.exp(-z)) - y) / len(y))[:, None]  # sigmoid and cross-entropy together
    d2 = d3 @ theta[4].T * (a2 > 0)
    d1 = d2 @ theta[2].T * (a1 > 0)
    return [X.T @ d1, d1.sum(0), a1.T @ d2, d2.sum(0), a2.T @ d3, d3.sum(0)]


# endregion

# region train
m = [np.zeros_like(w) for w in theta]
v = [np.zeros_like(w) for w in theta]
for t in range(1, steps + 1):  # Adam
    a1, a2, z = forward(X)
    loss = np.mean(np.logaddexp(0, z) - y * z)
    for i, g in enumerate(gradients(a1, a2, z)):
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        m_hat, v_hat = m[i] / (1 - 0.9**t), v[i] / (1 - 0.999**t)
        theta[i] -= learning_rate * m_hat / (np.sqrt(v_hat) + 1e-7)
# endregion

print(f"loss {loss:.6f}, accuracy {np.mean((forward(X)[2] > 0) == y):.4f}")
