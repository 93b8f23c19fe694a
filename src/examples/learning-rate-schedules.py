"""One network learns handwritten digits while the learning rate stays, falls in steps, along a cosine, or warms up (NumPy only)."""
import numpy as np

SEED, SCHEDULE, PEAK, EPOCHS = 1, "cosine", 1.0, 20
HIDDEN, BATCH = 32, 32
rng = np.random.default_rng(SEED)
SCHEDULES = {  # share of the peak rate at each part t (0 … 1) of the run
    "constant": lambda t: 1,
    "step": lambda t: 0.1 ** int(3 * t),
    "cosine": lambda t: (1 + np.cos(np.pi * t)) / 2,
    "warm": lambda t: t / 0.1 if t < 0.1 else (1 + np.cos(np.pi * (t - 0.1) / 0.9)) / 2,
}

# region data
raw = np.fromfile("public/datasets/digits/digits.bin", np.uint8)
ink, digit = raw[: 1797 * 64].reshape(-1, 64) / 16, raw[1797 * 64 :].astype(int)
order = np.random.default_rng(0).permutation(1797)
X, y, test, answers = ink[order[:1438]], digit[order[:1438]], ink[order[1438:]], digit[order[1438:]]
# endregion

# region model
weights = lambda m, n: rng.normal(0, np.sqrt(2 / m), (m, n))
theta = [weights(64, HIDDEN), np.zeros(HIDDEN), weights(HIDDEN, 10), np.zeros(10)]


def forward(X):
    hidden = np.maximum(X @ theta[0] + theta[1], 0)
    return hidden, hidden @ theta[2] + theta[3]


# endregion

# region train
length, step = EPOCHS * -(-len(X) // BATCH), 0
for epoch in range(EPOCHS):
    order = rng.permutation(len(X))
    for start in range(0, len(X), BATCH):
        rows = order[start : start + BATCH]
        rate = PEAK * SCHEDULES[SCHEDULE](step / length)
        step += 1
        hidden, z = forward(X[rows])
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        loss = -np.log(p[np.arange(len(rows)), y[rows]]).mean()
        dz = (p - np.eye(10)[y[rows]]) / len(rows)
        dh = dz @ theta[2].T * (hidden > 0)
        for w, g in zip(theta, [X[rows].T @ dh, dh.sum(0), hidden.T @ dz, dz.sum(0)]):
            w -= rate * g
print(f"{SCHEDULE}, peak {PEAK}: loss {loss:.4f}, unseen {(forward(test)[1].argmax(1) == answers).mean():.4f}")
# endregion
