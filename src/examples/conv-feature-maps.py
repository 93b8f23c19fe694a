"""A small convolutional network and a plain one read digits, then the same digits moved by a pixel."""
from pathlib import Path

import numpy as np

CHANNELS, COUNT, EPOCHS, BATCH, HIDDEN, RATE, SEED = 8, 1000, 15, 50, 128, 0.01, 1

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 8, 8) / 16, data[1797 * 64 :]
order = random.permutation(1797)
train, test = order[:COUNT], order[1438:]


def move(X, dx, dy):
    padded = np.pad(X, ((0, 0), (1, 1), (1, 1)))  # paper comes in at the edges
    return padded[:, 1 - dy : 9 - dy, 1 - dx : 9 - dx]


X_moved = [move(X[test], *d) for d in [(1, 0), (-1, 0), (0, 1), (0, -1)]]
# endregion


# region model
def weights(inputs, outputs):
    return random.normal(size=(inputs, outputs)) * np.sqrt(2 / inputs)


conv_net = [weights(9, CHANNELS), np.zeros(CHANNELS), weights(9 * CHANNELS, 10), np.zeros(10)]
dense_net = [weights(64, HIDDEN), np.zeros(HIDDEN), weights(HIDDEN, 10), np.zeros(10)]


def maps(X):
    K, b = conv_net[:2]
    patches = np.lib.stride_tricks.sliding_window_view(X, (3, 3), (1, 2)).reshape(-1, 6, 6, 9)
    h = np.maximum(patches @ K + b, 0)  # [n, 6, 6, channels]: 9 weights, used at 36 places
    quads = h.reshape(-1, 3, 2, 3, 2, CHANNELS).transpose(0, 1, 3, 2, 4, 5)
    quads = quads.reshape(-1, 3, 3, 4, CHANNELS)
    return patches, h, quads, quads.max(3)  # pooled: [n, 3, 3, channels]


def conv(X):
    return maps(X)[-1].reshape(len(X), -1) @ conv_net[2] + conv_net[3]


def dense(X):
    W1, b1, W2, b2 = dense_net
    return np.maximum(X.reshape(-1, 64) @ W1 + b1, 0) @ W2 + b2


# endregion


# region train
def softmax_error(z, y):
    p = np.exp(z - z.max(1, keepdims=True))
    return (p / p.sum(1, keepdims=True) - np.eye(10)[y]) / len(y)


def conv_gradients(X, y):
    patches, h, quads, pooled = maps(X)
    flat = pooled.reshape(len(X), -1)
    dz = softmax_error(flat @ conv_net[2] + conv_net[3], y)
    d_pooled = (dz @ conv_net[2].T).reshape(pooled.shape)
    # Pooling hands the error back to the largest of the four alone.
    largest = np.arange(4)[:, None] == quads.argmax(3)[:, :, :, None]
    d_quads = largest * d_pooled[:, :, :, None]
    d_h = d_quads.reshape(-1, 3, 3, 2, 2, CHANNELS).transpose(0, 1, 3, 2, 4, 5)
    d_h = d_h.reshape(h.shape) * (h > 0)
    d_K = np.einsum("nxyi,nxyc->ic", patches, d_h)  # the same weight answers for every place
    return [d_K, d_h.sum((0, 1, 2)), flat.T @ dz, dz.sum(0)]


def dense_gradients(X, y):
    W1, b1, W2, b2 = dense_net
    x = X.reshape(-1, 64)
    hidden = np.maximum(x @ W1 + b1, 0)
    dz = softmax_error(hidden @ W2 + b2, y)
    dh = dz @ W2.T * (hidden > 0)
    return [x.T @ dh, dh.sum(0), hidden.T @ dz, dz.sum(0)]


nets = [(conv_net, conv_gradients), (dense_net, dense_gradients)]
m, v, step = [[0] * 4, [0] * 4], [[0] * 4, [0] * 4], 0
for epoch in range(EPOCHS):
    rows = random.permutation(train)
    for start in range(0, len(rows), BATCH):
        batch, step = rows[start : start + BATCH], step + 1
        for k, (net, gradients) in enumerate(nets):  # Adam, each network by itself
            for i, g in enumerate(gradients(X[batch], y[batch])):
                m[k][i] = 0.9 * m[k][i] + 0.1 * g
                v[k][i] = 0.999 * v[k][i] + 0.001 * g**2
                size = np.sqrt(v[k][i] / (1 - 0.999**step)) + 1e-7
                net[i] -= RATE * m[k][i] / (1 - 0.9**step) / size

for name, read in [("conv", conv), ("dense", dense)]:
    right = (read(X[test]).argmax(1) == y[test]).mean()
    moved = np.mean([(read(x).argmax(1) == y[test]).mean() for x in X_moved])
    print(f"{name} {right:.4f}  {name}Moved {moved:.4f}")
# endregion
