"""Membership inference: who was in the training set? The loss tells, the more the model overfits (NumPy only)."""
from pathlib import Path

import numpy as np

EPOCHS, MEMBERS, WRONG, DEFENCE, SIGMA, SEED = 200, 300, 0.2, "none", 4.0, 1  # none | clip | noise
HIDDEN, CLIP, RATE = 128, 1.0, 0.01

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
images, truth = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
rows, test = order[: 2 * MEMBERS], order[1438:]
X = images[rows]
wrong = random.random(len(rows)) < WRONG
given = np.where(wrong, (truth[rows] + random.integers(1, 10, len(rows))) % 10, truth[rows])
x, Y = X[:MEMBERS], np.eye(10)[given[:MEMBERS]]  # only the members are trained on
# endregion

# region model
W1 = random.normal(0, np.sqrt(2 / 64), (64, HIDDEN))
W2 = random.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10))


def forward(X):
    h = np.maximum(X @ W1, 0)
    z = h @ W2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return h, p / p.sum(axis=1, keepdims=True)


def losses(X, labels):
    return -np.log(forward(X)[1][np.arange(len(X)), labels] + 1e-30)
# endregion


# region train
def attack_auc():
    loss = losses(X, given)
    lower = loss[:MEMBERS, None] < loss[None, MEMBERS:]
    equal = loss[:MEMBERS, None] == loss[None, MEMBERS:]
    return (lower + equal / 2).mean()  # chance that a member's loss is the lower one


m, v = [0, 0], [0, 0]
for step in range(1, EPOCHS + 1):
    h, p = forward(x)
    d2 = (p - Y) / MEMBERS
    d1 = d2 @ W2.T * (h > 0)
    if DEFENCE != "none":
        size = lambda rows: (rows**2).sum(axis=1, keepdims=True)
        length = np.sqrt(size(x) * size(d1) + size(h) * size(d2)) * MEMBERS
        shrink = CLIP / np.maximum(length, CLIP)
        d1, d2 = d1 * shrink, d2 * shrink
    gradients = [x.T @ d1, h.T @ d2]
    for i, (w, g) in enumerate(zip((W1, W2), gradients)):  # Adam
        if DEFENCE == "noise":
            g = g + random.normal(0, SIGMA * CLIP / MEMBERS, g.shape)
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        w -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
    if step in (1, 5, 20, 50, 100, EPOCHS):
        accuracy = (forward(images[test])[1].argmax(axis=1) == truth[test]).mean()
        print(f"epoch {step}: attackAuc {attack_auc():.4f}, validationAccuracy {accuracy:.4f}")
# endregion
