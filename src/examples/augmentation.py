"""Trains on digits as they are or on changed copies, and tests on both."""
from pathlib import Path

import numpy as np

CHANGE, COUNT, EPOCHS, BATCH, HIDDEN, RATE, SEED = "shift", 300, 80, 50, 64, 0.01, 1

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
images, y = data[: 1797 * 64].reshape(1797, 8, 8) / 16, data[1797 * 64 :]
order = random.permutation(1797)
few, test = order[:COUNT], order[1438:]


def shift(dx, dy):
    """Moves one image or many; paper comes in at the edges."""
    def move(image):
        wide = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(1, 1), (1, 1)])
        return wide[..., 1 - dy : 9 - dy, 1 - dx : 9 - dx]
    return move


def turn(image):
    return image[..., ::-1, ::-1]


shifts = [shift(1, 0), shift(-1, 0), shift(0, 1), shift(0, -1)]
moves = shifts if CHANGE == "shift" else [turn]
# endregion


# region model
def mlp():
    W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
    return [W1, np.zeros(HIDDEN), random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)]
# endregion


# region train
def gradients(net, X, y):
    W1, b, W2 = net
    hidden = np.maximum(X @ W1 + b, 0)
    z = hidden @ W2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz]


def train(choices):
    net, step, m, v = mlp(), 0, [0] * 3, [0] * 3
    for epoch in range(EPOCHS):
        rows = random.permutation(few)
        for start in range(0, COUNT, BATCH):
            batch, step = rows[start : start + BATCH], step + 1
            X = [choices[random.integers(len(choices))](images[row]) for row in batch]
            X = np.array(X).reshape(-1, 64)
            for i, g in enumerate(gradients(net, X, y[batch])):  # Adam
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g**2
                size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
                net[i] -= RATE * m[i] / (1 - 0.9**step) / size
    return net


def accuracy(net, move):
    W1, b, W2 = net
    z = np.maximum(move(images[test]).reshape(-1, 64) @ W1 + b, 0) @ W2
    return (z.argmax(axis=1) == y[test]).mean()


same = shift(0, 0)
for name, choices in [("plain", [same]), ("augmented", [same, *moves])]:
    net = train(choices)
    moved = np.mean([accuracy(net, move) for move in moves])
    print(f"{name} {accuracy(net, same):.4f}  {name}Moved {moved:.4f}")
# endregion
