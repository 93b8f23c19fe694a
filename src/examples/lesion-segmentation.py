"""A small network marks bright discs in noisy pictures, pixel by pixel: the small ones are missed first."""
import numpy as np

SIDE, PICTURES, TESTS, BATCH, EPOCHS = 24, 200, 80, 10, 12
SIZE, THRESHOLD, NOISE, LEARNING_RATE = 3, 0.5, 0.2, 0.01  # SIZE of the kernels: 1, 3, 5

# region data
# NumPy's generator: other draws than in the browser, so other digits after the point.
random = np.random.default_rng(1)
y, x = np.mgrid[:SIDE, :SIDE] + 0.5


def draw(count):
    pictures, truths, lesions = [], [], []
    for i in range(count):
        discs, wanted = [], random.integers(1, 4)
        for attempt in range(20):
            r = 1 + 4 * random.random() ** 2  # more small ones than large ones
            a, b = random.uniform(r + 0.5, SIDE - r - 0.5, 2)
            apart = all(np.hypot(a - c, b - d) > r + s + 2 for c, d, s in discs)
            if len(discs) < wanted and apart:
                discs.append((a, b, r))
        masks = [np.hypot(x - a, y - b) < r for a, b, r in discs]
        light = sum(random.uniform(0.25, 0.5) * mask for mask in masks)
        noisy = 0.3 + light + NOISE * random.normal(size=(SIDE, SIDE))
        pictures.append(noisy.clip(0, 1))
        truths.append(sum(masks))
        lesions += [(i, disc[2], mask) for disc, mask in zip(discs, masks)]
    return np.array(pictures)[..., None] - 0.3, np.array(truths)[..., None], lesions


X_train, Y_train, _ = draw(PICTURES)
X_test, Y_test, lesions = draw(TESTS)
# endregion


# region model
def weights(inputs, outputs):
    deviation = np.sqrt(2 / (SIZE**2 * inputs))
    return random.normal(size=(SIZE, SIZE, inputs, outputs)) * deviation


theta = [weights(1, 6), np.zeros(6), weights(6, 6), np.zeros(6), weights(6, 1), np.zeros(1)]


def patches(A):
    r = SIZE // 2
    padded = np.pad(A, ((0, 0), (r, r), (r, r), (0, 0)))
    return np.lib.stride_tricks.sliding_window_view(padded, (SIZE, SIZE), (1, 2))


def conv(A, kernel):
    return np.einsum("bxycij,ijco->bxyo", patches(A), kernel, optimize=True)


def forward(X):
    h1 = np.maximum(conv(X, theta[0]) + theta[1], 0)
    h2 = np.maximum(conv(h1, theta[2]) + theta[3], 0)
    return h1, h2, 1 / (1 + np.exp(-conv(h2, theta[4]) - theta[5]))


# endregion

# region train
m, v = [np.zeros_like(w) for w in theta], [np.zeros_like(w) for w in theta]
t = 0
for epoch in range(EPOCHS):
    order = random.permutation(PICTURES)
    for start in range(0, PICTURES, BATCH):
        rows = order[start : start + BATCH]
        X, Y = X_train[rows], Y_train[rows]
        h1, h2, p = forward(X)
        loss = -np.mean(np.log(np.where(Y > 0, p, 1 - p)))
        d = (p - Y) / Y.size
        gradients = [None] * 6
        for layer, A in [(2, h2), (1, h1), (0, X)]:
            kernel = theta[2 * layer]
            gradients[2 * layer] = np.einsum("bxycij,bxyo->ijco", patches(A), d, optimize=True)
            gradients[2 * layer + 1] = d.sum((0, 1, 2))
            if layer:
                d = conv(d, kernel[::-1, ::-1].transpose(0, 1, 3, 2)) * (A > 0)
        t += 1
        for i, g in enumerate(gradients):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            step = m[i] / (1 - 0.9**t) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7)
            theta[i] = theta[i] - LEARNING_RATE * step

marked = forward(X_test)[2] >= THRESHOLD
iou = (marked & (Y_test > 0)).sum() / (marked | (Y_test > 0)).sum()
found = [(r, 2 * marked[i, :, :, 0][mask].sum() >= mask.sum()) for i, r, mask in lesions]
print(f"loss {loss:.4f}  validationIou {iou:.4f}", end="  ")
print(f"smallFound {np.mean([hit for r, hit in found if r <= 1.5]):.4f}", end="  ")
print(f"largeFound {np.mean([hit for r, hit in found if r > 1.5]):.4f}")
# endregion
