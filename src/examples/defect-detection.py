"""An autoencoder that has only seen good cloth marks flaws by what it cannot redraw (NumPy only)."""
import numpy as np

BOTTLENECK, NOISE, STRENGTH, EPOCHS, SEED = 6, 0.05, 0.25, 30, 1
SIDE, COUNT, TESTS, BATCH, HIDDEN, RATE = 16, 400, 150, 40, 64, 0.003
random = np.random.default_rng(SEED)

# region data


def cloth(count, flawed):
    place = np.arange(SIDE)
    pieces = np.empty((count, SIDE, SIDE))
    for n in range(count):
        across, down = random.uniform(0, 2 * np.pi, 2)
        a, b = random.uniform(0.12, 0.18, 2)
        wave = a * np.sin(np.pi * place / 2 + across)[None] + b * np.sin(np.pi * place / 2 + down)[:, None]
        piece = 0.45 + wave + NOISE * random.normal(size=(SIDE, SIDE))
        x, y = random.integers(3, SIDE - 3, 2)
        if flawed and n % 3 == 0:  # a scratch
            angle = random.uniform(0, np.pi)
            for t in range(-3, 4):
                piece[round(y + t * np.sin(angle)), round(x + t * np.cos(angle))] -= STRENGTH
        elif flawed and n % 3 == 1:  # a missing thread
            piece[:, x] += STRENGTH / 2
        elif flawed:  # a spot
            piece[y - 1 : y + 2, x - 1 : x + 2] += STRENGTH
        pieces[n] = piece
    return np.clip(pieces, 0, 1).reshape(count, -1)


train, good, flawed = cloth(COUNT, False), cloth(TESTS, False), cloth(TESTS, True)
mean = train.mean(axis=0)
# endregion

# region model
sizes = [SIDE * SIDE, HIDDEN, BOTTLENECK, HIDDEN, SIDE * SIDE]
net = []
for m, n in zip(sizes, sizes[1:]):
    net += [random.normal(0, np.sqrt(1 / m), (m, n)), np.zeros(n)]


def redraw(X):
    """The activations of every layer; the last is the picture."""
    layers = [X - mean]
    for i in range(4):
        z = layers[-1] @ net[2 * i] + net[2 * i + 1]
        layers.append(np.tanh(z) if i % 2 == 0 else z)
    return layers


def errors(X):
    return (redraw(X)[-1] + mean - X) ** 2
# endregion


# region train
def auc(bad, fine):
    return ((bad[:, None] > fine[None]) + (bad[:, None] == fine[None]) / 2).mean()


m, v, step = [0] * 8, [0] * 8, 0
for epoch in range(EPOCHS):
    order = random.permutation(COUNT)
    for start in range(0, COUNT, BATCH):
        X, step = train[order[start : start + BATCH]], step + 1
        layers, gradients = redraw(X), [None] * 8
        d = 2 * (layers[-1] + mean - X) / X.size
        for i in reversed(range(4)):
            if i % 2 == 0:
                d = d * (1 - layers[i + 1] ** 2)
            gradients[2 * i], gradients[2 * i + 1] = layers[i].T @ d, d.sum(axis=0)
            d = d @ net[2 * i].T
        for i, g in enumerate(gradients):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            net[i] -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)

bad, fine = errors(flawed).mean(axis=1), errors(good).mean(axis=1)
print(f"errors: good {fine.mean():.5f}, flawed {bad.mean():.5f}, AUC {auc(bad, fine):.4f}")
off = lambda X: ((X - mean) ** 2).mean(axis=1)
print(f"AUC of the difference from the average piece {auc(off(flawed), off(good)):.4f}")
for kind, name in enumerate(["scratch", "thread", "spot"]):
    print(f"AUC, {name}: {auc(bad[kind::3], fine):.4f}")
# endregion
