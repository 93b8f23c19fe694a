"""Moves every pixel a little towards the wrong answer (FGSM), and trains on such pictures to resist it."""
from pathlib import Path

import numpy as np

HIDDEN, BATCH, EPOCHS, LEARNING_RATE = 128, 64, 12, 0.003
EPSILON, DEFENCE = 2, 0  # sixteenths; DEFENCE = 2 trains on attacked pictures

# region data
# NumPy's generator: other draws than in the browser, so other digits after the point.
random = np.random.default_rng(1)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
raw = np.fromfile(file, np.uint8)
images, labels = raw[: 1797 * 64].reshape(-1, 64) / 16, raw[1797 * 64 :]
order = random.permutation(1797)
X_train, y_train = images[order[:1438]], labels[order[:1438]]
X_test, y_test = images[order[1438:]], labels[order[1438:]]
# endregion


# region model
def weights(m, n):
    return random.normal(size=(m, n)) * np.sqrt(2 / m)


theta = [weights(64, HIDDEN), np.zeros(HIDDEN), weights(HIDDEN, 10), np.zeros(10)]


def logits(X):
    return np.maximum(X @ theta[0] + theta[1], 0) @ theta[2] + theta[3]


def backward(X, y):
    h = np.maximum(X @ theta[0] + theta[1], 0)
    z = h @ theta[2] + theta[3]
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    d2 = (p - np.eye(10)[y]) / len(X)
    d1 = (d2 @ theta[2].T) * (h > 0)
    gradients = [X.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)]
    return gradients, d1 @ theta[0].T, -np.log(p[range(len(y)), y]).mean()


def attack(X, y, epsilon):
    uphill = backward(X, y)[1]  # [batch, 64]
    return (X + np.sign(uphill) * epsilon / 16).clip(0, 1)


# endregion

# region train
m, v = [np.zeros_like(w) for w in theta], [np.zeros_like(w) for w in theta]
t = 0
for epoch in range(EPOCHS):
    order = random.permutation(len(X_train))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        X, y = X_train[rows], y_train[rows]
        lesson = attack(X, y, DEFENCE) if DEFENCE else X
        gradients, _, loss = backward(lesson, y)
        t += 1
        for i, g in enumerate(gradients):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            step = m[i] / (1 - 0.9**t) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7)
            theta[i] = theta[i] - LEARNING_RATE * step


def right(X):
    return (logits(X).argmax(1) == y_test).mean()


signs = random.choice([-1, 1], X_test.shape)
print(f"loss {loss:.4f}  validationAccuracy {right(X_test):.4f}", end="  ")
print(f"noiseAccuracy {right((X_test + signs * EPSILON / 16).clip(0, 1)):.4f}", end="  ")
print(f"attackedAccuracy {right(attack(X_test, y_test, EPSILON)):.4f}")
# endregion
