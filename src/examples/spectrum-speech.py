"""Tells four noisy tones apart, from the waveform and from its magnitude spectrum."""
import numpy as np

N, WAVES, HIDDEN = 128, [4, 7, 11, 16], 32
NOISE, ANY_PHASE, COUNT, STEPS, SEED = 2, True, 400, 150, 1

# region data
# NumPy's generator: other noise than in the browser, so other digits after the point.
random = np.random.default_rng(SEED)
t = np.arange(N)
angle = 2 * np.pi / N * np.outer(t, np.arange(1, N // 2))


def tones(count):
    y = np.arange(count) % len(WAVES)
    phase = 2 * np.pi * random.random((count, 1)) * ANY_PHASE
    x = np.sin(2 * np.pi / N * np.array(WAVES)[y, None] * t + phase)
    x += NOISE * random.normal(size=x.shape)
    sizes = np.sqrt(((x @ np.cos(angle)) ** 2 + (x @ np.sin(angle)) ** 2) / N)
    return x, sizes, y


x, sizes, y = tones(COUNT)
x_test, sizes_test, y_test = tones(400)
# endregion

# region model
def mlp(inputs):
    W1 = random.normal(size=(inputs, HIDDEN)) * np.sqrt(2 / inputs)
    W2 = random.normal(size=(HIDDEN, len(WAVES))) * np.sqrt(2 / HIDDEN)
    return [W1, np.zeros(HIDDEN), W2]


def logits(net, x):
    W1, b, W2 = net
    return np.maximum(x @ W1 + b, 0) @ W2
# endregion


# region train
def gradients(net, x, y):
    W1, b, W2 = net
    hidden = np.maximum(x @ W1 + b, 0)
    z = hidden @ W2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(len(WAVES))[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    return [x.T @ dh, dh.sum(axis=0), hidden.T @ dz]


def train(net, x, y, rate=0.005):
    m, v = [np.zeros_like(w) for w in net], [np.zeros_like(w) for w in net]
    for step in range(1, STEPS + 1):
        for i, g in enumerate(gradients(net, x, y)):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
            net[i] -= rate * m[i] / (1 - 0.9**step) / size
    return net


def accuracy(net, x):
    return (logits(net, x).argmax(axis=1) == y_test).mean()


print(f"waveformAccuracy {accuracy(train(mlp(N), x, y), x_test):.4f}")
print(f"spectrumAccuracy {accuracy(train(mlp(N // 2 - 1), sizes, y), sizes_test):.4f}")
# endregion
