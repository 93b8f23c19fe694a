"""A query looks for the starred token of a row; averaging all tokens cannot find it (NumPy only)."""
import numpy as np

SEED, LENGTH, WIDTH, BATCH, STEPS, RATE = 1, 40, 16, 64, 200, 0.02
DIGITS, FEATURES = 8, 9
rng = np.random.default_rng(SEED)


# region data
def draw(count):
    """Rows of digits, one starred in each: features [count, LENGTH, 9] and the starred digit."""
    digits, star = rng.integers(DIGITS, size=(count, LENGTH)), rng.integers(LENGTH, size=count)
    X = np.concatenate([np.eye(DIGITS)[digits], np.zeros((count, LENGTH, 1))], 2)
    X[np.arange(count), star, DIGITS] = 1
    return X, digits[np.arange(count), star], star


test, answers, stars = draw(256)
# endregion

# region model
weights = lambda m, n: rng.normal(0, np.sqrt(1 / m), (m, n))
K, V, q, Wa = weights(FEATURES, WIDTH), weights(FEATURES, WIDTH), weights(WIDTH, 1)[:, 0], weights(WIDTH, DIGITS)
Wm = weights(FEATURES, DIGITS)


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attend(X):
    """Weights of all tokens [rows, LENGTH], and the logits."""
    look = softmax(X @ K @ q / np.sqrt(WIDTH))
    mixed = np.einsum("rt,rtd->rd", look, X @ V)
    return look, mixed, mixed @ Wa


# endregion

# region train
theta = [K, V, q, Wa, Wm]
m, v = [np.zeros_like(w) for w in theta], [np.zeros_like(w) for w in theta]
for step in range(1, STEPS + 1):
    X, y, _ = draw(BATCH)
    Y = np.eye(DIGITS)[y]
    look, mixed, z = attend(X)
    dz = (softmax(z) - Y) / BATCH
    dmixed = dz @ Wa.T
    dvalues = look[:, :, None] * dmixed[:, None, :]
    dlook = (X @ V @ dmixed[:, :, None])[:, :, 0]
    dscore = look * (dlook - (look * dlook).sum(1, keepdims=True)) / np.sqrt(WIDTH)
    flat = X.reshape(-1, FEATURES)
    average = 10 * X.mean(1)
    dm = (softmax(average @ Wm) - Y) / BATCH
    grads = [
        flat.T @ (dscore[:, :, None] * q).reshape(-1, WIDTH),
        flat.T @ dvalues.reshape(-1, WIDTH),
        (X @ K).reshape(-1, WIDTH).T @ dscore.reshape(-1),
        mixed.T @ dz,
        average.T @ dm,
    ]
    for i, g in enumerate(grads):  # Adam, in place
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        theta[i] -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
look, _, z = attend(test)
averaged = (10 * test.mean(1) @ Wm).argmax(1)
print(f"attention {(z.argmax(1) == answers).mean():.4f}, average {(averaged == answers).mean():.4f}")
print(f"weight on the star {look[np.arange(256), stars].mean():.4f}")
# endregion
