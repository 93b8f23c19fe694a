"""A small network looks at a noisy picture and says where the shape is: a box of four numbers."""
import numpy as np

SIDE, PICTURES, TESTS, BATCH, EPOCHS = 16, 1000, 100, 25, 10
NOISE, LEARNING_RATE = 0.3, 0.003

# region data
# NumPy's generator: other draws than in the browser, so other digits after the point.
random = np.random.default_rng(1)
y, x = np.mgrid[:SIDE, :SIDE] + 0.5


def draw(count):
    pictures, boxes = [], []
    for _ in range(count):
        width, height = random.integers(3, 11, 2)
        left, top = random.integers(SIDE - width + 1), random.integers(SIDE - height + 1)
        u, v = abs(x - left - width / 2), abs(y - top - height / 2)
        round_ = random.random() < 0.5

        def inside(rim):
            a, b = width / 2 - rim, height / 2 - rim
            return (u / a) ** 2 + (v / b) ** 2 < 1 if round_ else (u < a) & (v < b)

        hollow = random.random() < 0.5
        shape = inside(0) & ~inside(1) if hollow else inside(0)
        ink = random.uniform(0.5, 1)
        noisy = ink * shape + NOISE * random.normal(size=shape.shape)
        pictures.append(noisy.clip(0, 1))
        boxes.append([left, top, left + width, top + height])
    return np.array(pictures)[..., None], np.array(boxes) / SIDE  # left, top, right, bottom


X_train, B_train = draw(PICTURES)
X_test, B_test = draw(TESTS)
# endregion


# region model
def weights(size, inputs, outputs):
    return random.normal(size=(size, size, inputs, outputs)) * np.sqrt(2 / (size**2 * inputs))


K = [weights(5, 1, 6), weights(3, 6, 6), weights(3, 6, 4)]
P = np.stack([x.ravel(), y.ravel()] * 2) / SIDE  # x, y, x, y of every pixel


def patches(A, size):
    r = size // 2
    padded = np.pad(A, ((0, 0), (r, r), (r, r), (0, 0)))
    return np.lib.stride_tricks.sliding_window_view(padded, (size, size), (1, 2))


def conv(A, kernel):
    return np.einsum("bxycij,ijco->bxyo", patches(A, len(kernel)), kernel, optimize=True)


def forward(X):
    h1 = np.maximum(conv(X, K[0]), 0)
    h2 = np.maximum(conv(h1, K[1]), 0)
    maps = conv(h2, K[2]).reshape(len(X), -1, 4).transpose(0, 2, 1)  # [batch, 4, 256]
    where = np.exp(maps - maps.max(2, keepdims=True))
    where /= where.sum(2, keepdims=True)
    return h1, h2, where, (where * P).sum(2)  # the mean place of each side


# endregion


# region train
def iou(a, b):
    low, high = np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:])
    area = lambda c: np.maximum(c[:, 2:] - c[:, :2], 0).prod(1)
    both = np.maximum(high - low, 0).prod(1)
    return both / (area(a) + area(b) - both)


m, v = [np.zeros_like(k) for k in K], [np.zeros_like(k) for k in K]
t = 0
for epoch in range(EPOCHS):
    order = random.permutation(PICTURES)
    for start in range(0, PICTURES, BATCH):
        rows = order[start : start + BATCH]
        X, B = X_train[rows], B_train[rows]
        h1, h2, where, boxes = forward(X)
        loss = SIDE * abs(boxes - B).mean()
        d = SIDE * np.sign(boxes - B) / B.size
        d = where * (P - boxes[:, :, None]) * d[:, :, None]  # through the softmax
        d = d.transpose(0, 2, 1).reshape(len(X), SIDE, SIDE, 4)
        gradients = [None] * 3
        for layer, A in [(2, h2), (1, h1), (0, X)]:
            kernel = K[layer]
            windows = patches(A, len(kernel))
            gradients[layer] = np.einsum("bxycij,bxyo->ijco", windows, d, optimize=True)
            if layer:
                d = conv(d, kernel[::-1, ::-1].transpose(0, 1, 3, 2)) * (A > 0)
        t += 1
        for i, g in enumerate(gradients):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            step = m[i] / (1 - 0.9**t) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7)
            K[i] = K[i] - LEARNING_RATE * step
score = iou(B_test, forward(X_test)[3])
mean = iou(B_test, np.tile(B_train.mean(0), (TESTS, 1)))
small = (B_test[:, 2:] - B_test[:, :2]).prod(1) * SIDE**2 <= 25
print(f"loss {loss:.4f}  validationIou {score.mean():.4f}", end="  ")
print(f"smallIou {score[small].mean():.4f}  baselineIou {mean.mean():.4f}")
# endregion
