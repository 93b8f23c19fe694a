"""A small convolution finds a word hidden anywhere in DNA; a dense network without shared weights cannot (NumPy only)."""
import numpy as np

WORD, MUTATION, FIXED, COUNT, FILTERS, EPOCHS, SEED = "TATAAT", 0.05, False, 1000, 4, 30, 1
LENGTH, WIDTH, HIDDEN, BATCH, TESTS, RATE = 40, 6, 16, 50, 400, 0.02
random = np.random.default_rng(SEED)

# region data
word = np.array(["ACGT".index(letter) for letter in WORD])


def sequence(label):
    row, hidden = random.integers(0, 4, LENGTH), word
    while not label and (hidden == word).all():
        hidden = random.permutation(word)  # the same letters in another order
    hidden = np.where(random.random(len(word)) < MUTATION, random.integers(0, 4, len(word)), hidden)
    start = (LENGTH - len(word)) // 2 if FIXED else random.integers(0, LENGTH - len(word) + 1)
    row[start : start + len(word)] = hidden
    by_chance = not label and WORD in "".join("ACGT"[i] for i in row)
    return sequence(label) if by_chance else row


def sequences(count):
    y = np.arange(count) % 2
    return np.eye(4)[[sequence(label) for label in y]], y


train, test = sequences(COUNT), sequences(TESTS)
# endregion

# region model
F = random.normal(0, 0.5, (WIDTH * 4, FILTERS))
v, c = np.ones(FILTERS), np.zeros(1)
W1, b = random.normal(0, 0.1, (LENGTH * 4, HIDDEN)), np.zeros(HIDDEN)
W2 = random.normal(0, 0.25, HIDDEN)


def windows(X):
    """[sequences, places, width · 4]: the same filters at every place."""
    return np.stack([X[:, i : i + WIDTH].reshape(len(X), -1) for i in range(LENGTH - WIDTH + 1)], axis=1)


def conv(X):
    s = windows(X) @ F
    top = s.max(axis=1, keepdims=True)
    soft = top[:, 0] + np.log(np.exp(s - top).mean(axis=1))  # a soft maximum
    return s, soft, soft @ v + c


def dense(X):
    hidden = np.maximum(X.reshape(len(X), -1) @ W1 + b, 0)
    return hidden, hidden @ W2
# endregion


# region train
def accuracy(z, y):
    return ((z > 0) == (y > 0)).mean()


weights = [F, v, c, W1, b, W2]
m, u, step = [0] * 6, [0] * 6, 0
for epoch in range(EPOCHS):
    order = random.permutation(COUNT)
    for start in range(0, COUNT, BATCH):
        rows, step = order[start : start + BATCH], step + 1
        X, y = train[0][rows], train[1][rows]
        s, soft, z = conv(X)
        dz = (1 / (1 + np.exp(-z)) - y) / len(y)
        share = np.exp(s - soft[:, None]) / s.shape[1]  # where the soft maximum came from
        ds = share * (dz[:, None] * v)[:, None]
        gF = np.einsum("npk,npf->kf", windows(X), ds)
        hidden, zd = dense(X)
        dd = (1 / (1 + np.exp(-zd)) - y) / len(y)
        dh = dd[:, None] * W2 * (hidden > 0)
        gradients = [gF, soft.T @ dz, dz.sum(keepdims=True)]
        gradients += [X.reshape(len(X), -1).T @ dh, dh.sum(axis=0), hidden.T @ dd]
        for i, g in enumerate(gradients):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            u[i] = 0.999 * u[i] + 0.001 * g**2
            weights[i] -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(u[i] / (1 - 0.999**step)) + 1e-7)

for name, (X, y) in {"train": train, "test": test}.items():
    print(f"{name}: conv {accuracy(conv(X)[2], y):.4f}, dense {accuracy(dense(X)[1], y):.4f}")
best = np.abs(v).argmax()
filter = F[:, best].reshape(WIDTH, 4) * np.sign(v[best])
print("the strongest filter reads", "".join("ACGT"[i] for i in filter.argmax(axis=1)))
# endregion
