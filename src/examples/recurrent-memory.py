"""Recall the first of many digits after reading them all: a plain RNN or an LSTM, back through time by hand."""
import numpy as np

READER, LENGTH, UNITS, OPEN, RATE, STEPS, SEED = "lstm", 10, 16, 1.0, 0.01, 300, 1
BATCH, HELD_OUT, SIZE = 32, 128, 8
random = np.random.default_rng(SEED)


# region data
def draw(count):
    rows = random.integers(10, size=(count, LENGTH))
    return rows, (rows[:, 0] >= 5).astype(int)  # is the first 5 or more?


unseen, answers = draw(HELD_OUT)
# endregion

# region model
GATES = {"rnn": 1, "lstm": 4}[READER]


def weights(m, n):
    return random.normal(size=(m, n)) / np.sqrt(m)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


w = {
    "E": weights(10, SIZE),
    "W": weights(SIZE, GATES * UNITS),
    "U": weights(UNITS, GATES * UNITS),
    "b": np.zeros(GATES * UNITS),
    "V": weights(UNITS, 2),
}
if READER == "lstm":
    w["b"][:UNITS] = OPEN  # the forget gate


def read(rows):
    """Answers for each row, and what the way back needs of every step."""
    h = c = np.zeros((len(rows), UNITS))
    steps = []
    for t in range(LENGTH):
        x, old = w["E"][rows[:, t]], (h, c)
        z = x @ w["W"] + h @ w["U"] + w["b"]
        if READER == "rnn":
            gates = h = np.tanh(z)
        else:
            f, i, o = np.split(sigmoid(z[:, : 3 * UNITS]), 3, axis=1)
            g = np.tanh(z[:, 3 * UNITS :])
            c = f * c + i * g  # keep a part, add a part
            h = o * np.tanh(c)
            gates = (f, i, o, g)
        steps.append((x, old, gates, c))
    logits = h @ w["V"]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True), h, steps
# endregion


# region train
def gradients(rows, labels):
    """Gradients of the mean loss, and the size of the gradient at each digit: back through time, last step first."""
    p, h, steps = read(rows)
    d = (p - np.eye(2)[labels]) / len(rows)
    g = {name: np.zeros_like(value) for name, value in w.items()}
    g["V"] = h.T @ d
    dh, dc, reach = d @ w["V"].T, 0, np.zeros(LENGTH)
    for t in reversed(range(LENGTH)):
        x, (h, c), gates, new = steps[t]
        if READER == "rnn":
            dz = dh * (1 - gates**2)
        else:
            f, i, o, u = gates
            dc = dc + dh * o * (1 - np.tanh(new) ** 2)
            df, di, do, du = dc * c, dc * u, dh * np.tanh(new), dc * i
            inner = [df * f * (1 - f), di * i * (1 - i), do * o * (1 - o), du * (1 - u**2)]
            dz, dc = np.concatenate(inner, axis=1), dc * f
        g["W"] += x.T @ dz
        g["U"] += h.T @ dz
        g["b"] += dz.sum(axis=0)
        dx = dz @ w["W"].T
        np.add.at(g["E"], rows[:, t], dx)
        reach[t] = np.linalg.norm(dx)
        dh = dz @ w["U"].T
    return g, reach


m, v = dict.fromkeys(w, 0), dict.fromkeys(w, 0)
for step in range(1, STEPS + 1):
    g, _ = gradients(*draw(BATCH))  # never the same twice
    for name in w:  # Adam
        m[name] = 0.9 * m[name] + 0.1 * g[name]
        v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
        size = np.sqrt(v[name] / (1 - 0.999**step)) + 1e-7
        w[name] = w[name] - RATE * m[name] / (1 - 0.9**step) / size

p = read(unseen)[0]
reach = gradients(unseen, answers)[1]
print(f"validationAccuracy {(p.argmax(axis=1) == answers).mean():.3f}")
print(f"reach {reach[0] / reach[-1]:.2e}")
# endregion
