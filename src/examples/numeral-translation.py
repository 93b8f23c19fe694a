"""Translates numbers written in digits into Chinese, and is asked for numbers it never saw."""
import numpy as np

COUNT, HIDDEN, RATE, STEPS, SEED = 80, 32, 0.01, 200, 1
SIGNS = "零一二三四五六七八九十·"

# region data
random = np.random.default_rng(SEED)


def name(number):
    tens, ones = divmod(number, 10)
    text = (SIGNS[tens] if tens > 1 else "") + ("十" if tens else "")
    return text + (SIGNS[ones] if ones or not tens else "")


numbers = random.permutation(100)
X = np.hstack([np.eye(10)[numbers // 10], np.eye(10)[numbers % 10]])
y = np.array([[SIGNS.index(sign) for sign in name(n).ljust(3, "·")] for n in numbers])
# endregion

# region model
W1 = random.normal(size=(20, HIDDEN)) * np.sqrt(2 / 20)
W2 = random.normal(size=(HIDDEN, 36)) * np.sqrt(2 / HIDDEN)
net = [W1, random.normal(size=HIDDEN) * 0.5, W2, np.zeros(36)]


def forward(X):
    W1, b1, W2, b2 = net
    hidden = np.maximum(X @ W1 + b1, 0)
    return hidden, (hidden @ W2 + b2).reshape(-1, 3, 12)
# endregion


# region train
def gradients(X, y):
    hidden, z = forward(X)
    p = np.exp(z - z.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    dz = ((p - np.eye(12)[y]) / y.size).reshape(-1, 36)
    dh = dz @ net[2].T * (hidden > 0)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


m, v = [0] * 4, [0] * 4
for step in range(1, STEPS + 1):
    for i, g in enumerate(gradients(X[:COUNT], y[:COUNT])):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
        net[i] -= RATE * m[i] / (1 - 0.9**step) / size

right = forward(X)[1].argmax(axis=2) == y
print(f"accuracy {right[:COUNT].all(axis=1).mean():.2f}")
print(f"validationAccuracy {right[COUNT:].all(axis=1).mean():.2f}")
print(f"signAccuracy {right[COUNT:].mean():.2f}")
# endregion
