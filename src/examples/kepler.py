"""The exponent of Kepler's third law by gradient descent, and a network without the idea of a law (NumPy only)."""
import numpy as np

SEED, KNOWN, NOISE, STEPS, HIDDEN = 1, 6, 0.0, 300, 16
rng = np.random.default_rng(SEED)

# region data
distance = np.array([0.3871, 0.7233, 1, 1.5237, 5.2028, 9.5388, 19.1914, 30.0611])
period = np.array([0.2408, 0.6152, 1, 1.8809, 11.862, 29.458, 84.01, 164.79])
a, T = distance[:KNOWN] * np.exp(NOISE * rng.normal(size=KNOWN)), period[:KNOWN]
far, far_T = distance[KNOWN:], period[KNOWN:]
# endregion

# region model
k, c = 0.0, 0.0  # ln T = k ln a + c
theta = [rng.normal(size=(1, HIDDEN)), rng.normal(size=(1, HIDDEN)), rng.normal(0, 1 / np.sqrt(HIDDEN), (HIDDEN, 1))]
unit, year = a[-1], T[-1]


def network(x):
    hidden = np.tanh((x / unit)[:, None] @ theta[0] + theta[1])
    return hidden, (hidden @ theta[2])[:, 0]


# endregion

# region train
m, v = [np.zeros_like(w) for w in theta], [np.zeros_like(w) for w in theta]
for step in range(1, STEPS + 1):
    wrong = k * np.log(a) + c - np.log(T)
    loss = (wrong**2).mean()
    k, c = k - 0.3 * 2 * (wrong * np.log(a)).mean(), c - 0.3 * 2 * wrong.mean()
    hidden, y = network(a)
    dy = (2 * (y - T / year) / KNOWN)[:, None]
    dh = dy @ theta[2].T * (1 - hidden**2)
    for i, g in enumerate([(a / unit)[None, :] @ dh, dh.sum(0, keepdims=True), hidden.T @ dy]):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        theta[i] = theta[i] - 0.02 * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)
error = lambda guess: np.abs(guess / far_T - 1).mean()
print(f"exponent {k:.6f}, loss {loss:.2e}")
print(f"unseen planets: law {error(np.exp(k * np.log(far) + c)):.5f}, network {error(network(far)[1] * year):.5f}")
# endregion
