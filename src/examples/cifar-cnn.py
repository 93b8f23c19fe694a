"""NumPy twin of cifar-cnn.ts: the network of 122,570 weights on coloured pictures of drawn things, beside a linear model."""
import numpy as np

SIDE, CLASSES, BATCH, TAUGHT, TESTED, EPOCHS, RATE = 32, 10, 64, 1000, 500, 6, 0.001
rng = np.random.default_rng(1)


# region data
def figure(kind, u, v):
    """Ten simple shapes on −1 … 1: where the thing is."""
    r, square = np.hypot(u, v), np.maximum(abs(u), abs(v))
    return [
        r < 0.8,
        square < 0.65,
        (v > -0.8) & (v < 0.7) & (abs(u) < 0.55 * (v + 0.8)),
        (r < 0.9) & (r > 0.5),
        (square < 0.8) & (square > 0.45),
        abs(u) < 0.25,
        abs(v) < 0.25,
        (abs(u) < 0.22) | (abs(v) < 0.22),
        (abs(u - v) < 0.3) | (abs(u + v) < 0.3),
        r < 0.55 + 0.3 * np.cos(5 * np.arctan2(u, -v)),
    ][kind] & (square < 0.95)


def draw(count):
    labels = rng.permutation(count) % CLASSES
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    images = np.empty((count, SIDE, SIDE, 3))
    for i, kind in enumerate(labels):
        radius, turn = 11 + 3 * rng.random(), 0.4 * (rng.random() - 0.5)
        dx, dy = x - 16 - 3 * (rng.random() - 0.5), y - 16 - 3 * (rng.random() - 0.5)
        c, s = np.cos(turn) / radius, np.sin(turn) / radius
        ground = rng.random(3)
        while np.linalg.norm((thing := rng.random(3)) - ground) < 0.6:
            pass
        wave = 0.5 + 0.5 * np.sin(x * rng.normal() + y * rng.normal())
        back = ground + 0.2 * (wave[..., None] - 0.5)
        inside = figure(kind, c * dx + s * dy, c * dy - s * dx)[..., None]
        images[i] = np.clip(np.where(inside, thing, back) + 0.05 * rng.normal(size=back.shape), 0, 1)
    return images.astype(np.float32), labels


(X, labels), (X_test, labels_test) = draw(TAUGHT), draw(TESTED)
# endregion


# region model
def layer(fan_in, fan_out, *shape):
    most = np.sqrt(6 / (fan_in + fan_out))  # Glorot's uniform start, as in Keras
    return [rng.uniform(-most, most, shape).astype(np.float32), np.zeros(shape[-1], np.float32)]


conv = lambda n, m: layer(9 * n, 9 * m, 9 * n, m)  # [3·3·n, m]: the patch is a row
dense = lambda n, m: layer(n, m, n, m)
P = [*conv(3, 32), *conv(32, 64), *conv(64, 64), *dense(1024, 64), *dense(64, CLASSES)]
LINEAR = dense(SIDE * SIDE * 3, CLASSES)
print(sum(p.size for p in P), "weights")


def patches(x):
    n, h, w, c = x.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), (1, 2))  # [n, h−2, w−2, c, 3, 3]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(n, h - 2, w - 2, 9 * c)


def pool(x):
    n, h, w, c = x.shape
    cells = x[:, : h // 2 * 2, : w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c)
    return cells.max((2, 4))


def forward(x):
    kept = []
    for i in (0, 2, 4):
        cut = patches(x)
        z = np.maximum(0, cut @ P[i] + P[i + 1])
        kept.append((cut, z))
        x = pool(z) if i < 4 else z
    flat = x.reshape(len(x), 1024)
    h = np.maximum(0, flat @ P[6] + P[7])
    return h @ P[8] + P[9], (kept, flat, h)
# endregion


# region train
def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def unpatch(g, shape):
    out = np.zeros(shape, np.float32)
    n, h, w, _ = g.shape
    g = g.reshape(n, h, w, 3, 3, shape[3])
    for dy in range(3):
        for dx in range(3):
            out[:, dy : dy + h, dx : dx + w] += g[:, :, :, dy, dx]
    return out


def gradients(x, y):
    logits, (kept, flat, h) = forward(x)
    g = softmax(logits)
    g[np.arange(len(y)), y] -= 1
    g /= len(y)
    found = [h.T @ g, g.sum(0)]
    g = (g @ P[8].T) * (h > 0)
    found = [flat.T @ g, g.sum(0), *found]
    g = (g @ P[6].T).reshape(-1, 4, 4, 64)
    for i in (4, 2, 0):
        cut, z = kept[i // 2]
        if i < 4:  # the gradient of a pool goes to the largest of its four
            spread = np.zeros_like(z)
            even = spread[:, : g.shape[1] * 2, : g.shape[2] * 2]
            big = g.repeat(2, 1).repeat(2, 2)
            most = pool(z).repeat(2, 1).repeat(2, 2)
            even[...] = big * (z[:, : big.shape[1], : big.shape[2]] == most)
            g = spread
        g = g * (z > 0)
        flat_g = g.reshape(-1, g.shape[-1])
        found = [cut.reshape(-1, cut.shape[-1]).T @ flat_g, flat_g.sum(0), *found]
        if i > 0:
            g = unpatch(g @ P[i].T, (len(y), z.shape[1] + 2, z.shape[2] + 2, P[i].shape[0] // 9))
    return found


def linear_gradients(x, y):
    flat = x.reshape(len(x), -1)
    g = softmax(flat @ LINEAR[0] + LINEAR[1])
    g[np.arange(len(y)), y] -= 1
    return [flat.T @ g / len(y), g.mean(0)]


weights = [*P, *LINEAR]
slots = [[np.zeros_like(p), np.zeros_like(p)] for p in weights]
t = 0
for epoch in range(EPOCHS):
    order = rng.permutation(TAUGHT)
    for start in range(0, TAUGHT, BATCH):
        rows, t = order[start : start + BATCH], t + 1
        found = gradients(X[rows], labels[rows]) + linear_gradients(X[rows], labels[rows])
        for p, (m, v), g in zip(weights, slots, found):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= RATE * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)

network = (forward(X_test)[0].argmax(1) == labels_test).mean()
line = ((X_test.reshape(TESTED, -1) @ LINEAR[0] + LINEAR[1]).argmax(1) == labels_test).mean()
print(f"unseen pictures: network {network:.3f}, linear model {line:.3f}")
# endregion
