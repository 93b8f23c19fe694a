"""A trained network is rounded to 8, 6, 4, 3 and 2 bits: what each costs and saves (NumPy only)."""
from pathlib import Path

import numpy as np

SCHEME, SCALES, CLIP = "symmetric", "tensor", 1.0  # symmetric | affine, tensor | unit
ACTIVATIONS, STRETCH, EPOCHS, SEED = "float", 1.0, 8, 1  # float | same
HIDDEN, BATCH, RATE = 128, 64, 0.003

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
# endregion

# region model
W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)
net = [W1, np.zeros(HIDDEN), W2, np.zeros(10)]
# Times c before a ReLU and divided by c after it: the same function, other weights.
c = np.where(np.arange(HIDDEN) < 8, STRETCH, 1.0)


# region round
def rounded(W, bits, axis=None):
    """W, rounded to `bits` bits: whole numbers times one scale."""
    most = np.abs(W).max(axis=axis, keepdims=True) * CLIP
    low, high, levels = -most, most, 2**bits - 2  # symmetric: -127 … 127
    if SCHEME == "affine":
        low = W.min(axis=axis, keepdims=True) * CLIP
        high, levels = W.max(axis=axis, keepdims=True) * CLIP, 2**bits - 1
    scale = np.maximum((high - low) / levels, 1e-12)
    first = np.round(low / scale)  # the least whole number
    return np.clip(np.round(W / scale), first, first + levels) * scale
# endregion


def logits(X, bits=32):
    W1, b1, W2, b2 = net
    first, second = W1 * c, W2 / c[:, None]
    if bits < 32:
        axis = 0 if SCALES == "unit" else None  # the weights of a unit are a column
        first, second = rounded(first, bits, axis), rounded(second, bits, axis)
    hidden = np.maximum(X @ first + b1 * c, 0)
    if ACTIVATIONS == "same" and bits < 32:
        hidden = rounded(hidden, bits)
    return hidden @ second + b2
# endregion


# region train
def gradients(X, y):
    W1, b1, W2, b2 = net
    hidden = np.maximum(X @ W1 + b1, 0)
    z = hidden @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


step, m, v = 0, [0] * 4, [0] * 4
for epoch in range(EPOCHS):
    rows = random.permutation(train)
    for start in range(0, len(rows), BATCH):
        batch, step = rows[start : start + BATCH], step + 1
        for i, g in enumerate(gradients(X[batch], y[batch])):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            net[i] -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)

for bits in (32, 8, 6, 4, 3, 2):
    accuracy = (logits(X[test], bits).argmax(axis=1) == y[test]).mean()
    size = (64 * HIDDEN + HIDDEN * 10) * bits / 8 + 4 * (HIDDEN + 10)
    print(f"{bits} bits: {size:.0f} bytes without the scales, validationAccuracy {accuracy:.4f}")
# endregion
