"""Six optimizers go down the same surface from the same point, their update rules written out."""

import numpy as np

surface, rate, noise, start, steps = "ravine", 1.0, 0.5, (-1.8, 1.2), 200
# Other draws than in TypeScript for the noise of SGD, and 64-bit numbers instead of 32: RMSprop, which ends
# by hopping about the valley floor, is elsewhere on its hops (tilted: 0.00047 here, 0.0019 there).
rng = np.random.default_rng(1)

# region data
# Height and gradient of each surface (TypeScript lets TensorFlow.js find the gradient).
SURFACES = {
    "bowl": (lambda x, y: (x**2 + y**2) / 2, lambda x, y: (x, y), 0.1),
    "ravine": (lambda x, y: (x**2 + 25 * y**2) / 2, lambda x, y: (x, 25 * y), 0.03),
    "tilted": (
        lambda x, y: ((x + y) ** 2 + 25 * (x - y) ** 2) / 4,
        lambda x, y: ((x + y + 25 * (x - y)) / 2, (x + y - 25 * (x - y)) / 2),
        0.03,
    ),
    "saddle": (
        lambda x, y: x**2 / 2 + (y**2 - 1) ** 2 / 4,
        lambda x, y: (x, y * (y**2 - 1)),
        0.1,
    ),
    "rosenbrock": (
        lambda x, y: (x - 1) ** 2 + 100 * (y - x**2) ** 2,
        lambda x, y: (2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)),
        5e-4,
    ),
}
height, slope, alpha = SURFACES[surface]
alpha *= rate
# endregion

# region model
velocity, G, s, m, v = (np.zeros(2) for _ in range(5))
epsilon = 1e-8


def gd(g, t):
    return alpha * g


def sgd(g, t):
    return alpha * (g + noise * rng.standard_normal(2))


def momentum(g, t):
    velocity[:] = 0.9 * velocity + g
    return alpha * velocity


def adagrad(g, t):
    G[:] = G + g**2
    return 0.5 * rate * g / (np.sqrt(G) + epsilon)


def rmsprop(g, t):
    s[:] = 0.9 * s + 0.1 * g**2
    return 0.02 * rate * g / (np.sqrt(s) + epsilon)


def adam(g, t):
    m[:] = 0.9 * m + 0.1 * g
    v[:] = 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return 0.1 * rate * m_hat / (np.sqrt(v_hat) + epsilon)


# endregion

# region train
for rule in (gd, sgd, momentum, adagrad, rmsprop, adam):
    theta = np.array(start)
    for t in range(1, steps + 1):
        theta = theta - rule(np.array(slope(*theta)), t)
    print(f"{rule.__name__:9} f = {height(*theta):.6g} at {theta.round(4)}")
# endregion
