"""The same deep network with and without residual connections: how much gradient reaches the first layer (NumPy only)."""
import numpy as np

SEED, DEPTH, WIDTH, STEPS, RATE = 1, 20, 16, 150, 0.01
rng = np.random.default_rng(SEED)
sigmoid = lambda z: 1 / (1 + np.exp(-z))

# region data
y = np.arange(200) % 2
angle = np.pi * rng.uniform(size=200)
moon = np.stack([np.cos(angle), np.sin(angle)], axis=1)
X = np.where(y[:, None] == 0, moon, [1, 0.5] - moon) + 0.1 * rng.standard_normal((200, 2))
# endregion


# region model
def network():
    random = np.random.default_rng(SEED)
    weights = lambda m, n: random.normal(0, np.sqrt(1 / m), (m, n))
    return [weights(2, WIDTH), *(weights(WIDTH, WIDTH) for _ in range(DEPTH)), weights(WIDTH, 1), np.zeros(1)]


def forward(theta, residual):
    layers = [X @ theta[0]]
    changes = []
    for W in theta[1 : DEPTH + 1]:
        changes.append(sigmoid(layers[-1] @ W))
        layers.append(layers[-1] + changes[-1] / np.sqrt(DEPTH) if residual else changes[-1])
    return layers, changes, (layers[-1] @ theta[-2] + theta[-1])[:, 0]


def gradients(theta, residual):
    layers, changes, z = forward(theta, residual)
    dz = ((sigmoid(z) - y) / len(y))[:, None]
    back = [layers[-1].T @ dz, dz.sum(0)]
    dh = dz @ theta[-2].T
    for W, h, change in zip(theta[DEPTH:0:-1], layers[-2::-1], changes[::-1]):
        through = dh * change * (1 - change) / (np.sqrt(DEPTH) if residual else 1)
        back.insert(0, h.T @ through)
        dh = through @ W.T + (dh if residual else 0)  # the residual path lets it pass
    return [X.T @ dh, *back], z


# endregion

# region train
for residual in (False, True):
    theta = network()
    m, v = [np.zeros_like(w) for w in theta], [np.zeros_like(w) for w in theta]
    for step in range(1, STEPS + 1):
        grads, z = gradients(theta, residual)
        for i, g in enumerate(grads):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g * g
            theta[i] = theta[i] - RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
        if step == 1:
            first = np.abs(grads[0]).max()
    name = "with residuals" if residual else "without"
    print(f"{name}: first gradient {first:.1e}, accuracy {((z > 0) == y).mean():.4f}")
# endregion
