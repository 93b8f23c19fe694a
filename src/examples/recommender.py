"""Fills in missing film ratings by factorizing the table into two thin matrices."""
import numpy as np

PEOPLE, FILMS, RANK, LAMBDA, KNOWN, STEPS, SEED = 60, 40, 3, 0.1, 0.3, 300, 1

# region data
# NumPy's generator: other ratings than in the browser, so other digits after the point.
random = np.random.default_rng(SEED)
tastes, traits = random.normal(size=(PEOPLE, 3)), random.normal(size=(FILMS, 3))
R = 3 + 0.6 * tastes @ traits.T + 0.2 * random.normal(size=(PEOPLE, FILMS))
order = random.permutation(R.size).reshape(R.shape)
train = order < round(KNOWN * R.size)  # True where a rating is known
test = ~train & (order < round(KNOWN * R.size) + R.size // 5)
mu = R[train].mean()
# endregion

# region model
P = 0.1 * random.normal(size=(PEOPLE, RANK))
Q = 0.1 * random.normal(size=(FILMS, RANK))
# endregion


# region train
def rmse(guess, mask):
    return np.sqrt(((guess - R)[mask] ** 2).mean())


net, m, v = [P, Q], [0, 0], [0, 0]
for step in range(1, STEPS + 1):
    error = 2 * (P @ Q.T + mu - R) * train / train.sum()
    gradients = [error @ Q + 2 * LAMBDA * P / P.size, error.T @ P + 2 * LAMBDA * Q / Q.size]
    for i, g in enumerate(gradients):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
        net[i] -= 0.03 * m[i] / (1 - 0.9**step) / size

guess = P @ Q.T + mu
print(f"rmse {rmse(guess, train):.4f}  validationRmse {rmse(guess, test):.4f}")
print(f"baselineRmse {rmse(np.full_like(R, mu), test):.4f}")
# endregion
