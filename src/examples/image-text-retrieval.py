"""Two encoders, one for pictures and one for captions, learn to put what belongs together in one place (NumPy only)."""
import numpy as np

SEED, D, TEMPERATURE, HOLD_OUT, STEPS = 1, 16, 0.1, False, 400
HIDDEN, BATCH, RATE = 64, 64, 0.005
CHARACTERS = "零一二三四五六七八九白黑底的"
CAPTIONS = [f"{paper}底的{digit}" for paper in "白黑" for digit in CHARACTERS[:10]]
UNSEEN = [13, 17]
rng = np.random.default_rng(SEED)

# region data
raw = np.fromfile("public/datasets/digits/digits.bin", np.uint8)
ink, digit = raw[: 1797 * 64].reshape(-1, 64) / 16, raw[1797 * 64 :].astype(int)
order = np.random.default_rng(0).permutation(1797)
both = lambda rows: (np.vstack([ink[rows], 1 - ink[rows]]), np.hstack([digit[rows], digit[rows] + 10]))
train, captions = both(order[:1438])
test, right = both(order[1438:])
allowed = np.flatnonzero(~np.isin(captions, UNSEEN if HOLD_OUT else []))
texts = np.array([[text.count(c) for c in CHARACTERS] for text in CAPTIONS], float)  # [20, 14]
# endregion

# region model
weights = lambda m, n: rng.normal(0, np.sqrt(2 / m), (m, n))
theta = [weights(64, HIDDEN), np.zeros(HIDDEN), weights(HIDDEN, D), weights(len(CHARACTERS), D)]
length = lambda v: np.sqrt((v**2).sum(1, keepdims=True) + 1e-8)
softmax = lambda z: np.exp(z - z.max(1, keepdims=True)) / np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True)


def seeing(X):
    hidden = np.maximum(X @ theta[0] + theta[1], 0)
    return hidden, hidden @ theta[2]


def accuracy(chosen):
    u, v = seeing(test)[1], texts @ theta[3]
    guess = (u / length(u) @ (v / length(v)).T).argmax(1)
    return (guess == right)[chosen].mean()


# endregion

# region train
m, v2 = [np.zeros_like(w) for w in theta], [np.zeros_like(w) for w in theta]
for step in range(1, STEPS + 1):
    batch = rng.choice(allowed, BATCH)
    X, counts = train[batch], texts[captions[batch]]
    same = (captions[batch][:, None] == captions[batch]).astype(float)
    target = same / same.sum(1, keepdims=True)  # same caption, same right answer
    hidden, u = seeing(X)
    v = counts @ theta[3]
    U, V = u / length(u), v / length(v)
    S = U @ V.T / TEMPERATURE
    P, Q = softmax(S), softmax(S.T)
    loss = -((target * np.log(P)).sum() + (target * np.log(Q)).sum()) / (2 * BATCH)
    dS = (P - target + (Q - target).T) / (2 * BATCH * TEMPERATURE)
    through = lambda d, unit, vector: (d - unit * (d * unit).sum(1, keepdims=True)) / length(vector)
    du, dv = through(dS @ V, U, u), through(dS.T @ U, V, v)
    dh = du @ theta[2].T * (hidden > 0)
    for k, g in enumerate([X.T @ dh, dh.sum(0), hidden.T @ du, counts.T @ dv]):  # Adam
        m[k] = 0.9 * m[k] + 0.1 * g
        v2[k] = 0.999 * v2[k] + 0.001 * g * g
        theta[k] = theta[k] - RATE * m[k] / (1 - 0.9**step) / (np.sqrt(v2[k] / (1 - 0.999**step)) + 1e-7)
print(f"loss {loss:.4f}, all captions {accuracy(right >= 0):.4f}, black 3 and 7 {accuracy(np.isin(right, UNSEEN)):.4f}")
# endregion
