"""A network learns the past moves of a price by heart; tomorrow's it can only guess where there is a pattern (NumPy only)."""
import numpy as np

SIGNAL, DAYS, LEAK, FEE, STEPS, SEED = 0.0, 1000, False, 0.0, 150, 1
LOOKBACK, HIDDEN, TESTS, RATE = 20, 64, 2000, 0.01
random = np.random.default_rng(SEED)

# region data


def walk(count):
    moves = random.normal(size=count + LOOKBACK)
    for t in range(1, len(moves)):
        moves[t] += SIGNAL * moves[t - 1]
    seen = moves
    if LEAK:  # the mean of three neighbouring days holds tomorrow's move
        seen = np.convolve(moves, np.ones(3) / 3, mode="same")
    X = np.stack([seen[day : day + LOOKBACK] for day in range(count)])
    return X, moves[LOOKBACK:]


(X, moves), (XTest, movesTest) = walk(DAYS), walk(TESTS)
y = moves > 0
# endregion

# region model
start = np.random.default_rng(SEED + 1)
net = [
    start.normal(0, np.sqrt(1 / LOOKBACK), (LOOKBACK, HIDDEN)),
    np.zeros(HIDDEN),
    start.normal(0, np.sqrt(1 / HIDDEN), HIDDEN),
]


def logits(X):
    return np.maximum(X @ net[0] + net[1], 0) @ net[2]
# endregion


# region train
def accuracy(X, moves):
    return ((logits(X) > 0) == (moves > 0)).mean()


def earned(X, moves):
    side = np.where(logits(X) > 0, 1, -1)
    return (side * moves).sum() - 2 * FEE * (side[1:] != side[:-1]).sum()


m, v = [0] * 3, [0] * 3
for step in range(1, STEPS + 1):
    hidden = np.maximum(X @ net[0] + net[1], 0)
    dz = (1 / (1 + np.exp(-hidden @ net[2])) - y) / len(y)
    dh = np.outer(dz, net[2]) * (hidden > 0)
    for i, g in enumerate([X.T @ dh, dh.sum(axis=0), hidden.T @ dz]):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        net[i] -= RATE * m[i] / (1 - 0.9**step) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7)

print(f"accuracy: training {accuracy(X, moves):.4f}, later {accuracy(XTest, movesTest):.4f}")
print(f"somebody who knows the pattern: {0.5 + np.arcsin(abs(SIGNAL)) / np.pi:.4f}")
print(f"earned: training {earned(X, moves):.1f}, later {earned(XTest, movesTest):.1f}")
# endregion
