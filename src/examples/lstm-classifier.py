"""An LSTM reads customers' messages character by character and says praise or complaint."""
import re
from collections import Counter
from pathlib import Path

import numpy as np

LENGTH, UNITS, EPOCHS, BATCH, EMBEDDING, RATE = 20, 8, 20, 56, 16, 0.01
random = np.random.default_rng(1)

# region data
source = (Path(__file__).parent / "../datasets/messages.ts").read_text(encoding="utf-8")
praise, complaints = [block.split("\n") for block in re.findall(r"= `\n(.*?)\n`;", source, re.S)]
pairs = [[(p, 1), (c, 0)] for p, c in zip(praise, complaints)]
order = random.permutation(len(pairs))
held = round(len(pairs) / 4)  # both messages of a pair on the same side
test = [message for k in order[:held] for message in pairs[k]]
train = [message for k in order[held:] for message in pairs[k]]
counts = Counter(char for text, _ in train for char in text)
vocabulary = ["fill", "rare"] + [char for char, n in counts.items() if n > 1]
number = {char: k for k, char in enumerate(vocabulary)}


def arrays(messages):
    rows = [[number.get(char, 1) for char in text] for text, _ in messages]
    filled = np.array([row + [0] * (LENGTH - len(row)) for row in rows])
    return filled, np.array([len(row) - 1 for row in rows]), np.array([y for _, y in messages])
# endregion


# region model
def weights(m, n, deviation=None):
    return random.normal(size=(m, n)) * (deviation or np.sqrt(1 / m))


E, W = weights(len(vocabulary), EMBEDDING, 0.5), weights(EMBEDDING, 4 * UNITS)
U, V = weights(UNITS, 4 * UNITS), weights(UNITS, 2)
b = np.concatenate([np.ones(UNITS), np.zeros(3 * UNITS)])  # the forget gate starts open
net = [E, W, U, V, b]


def forward(rows, ends):
    E, W, U, V, b = net
    h = c = np.zeros((len(rows), UNITS))
    tape = []
    for t in range(LENGTH):
        z = E[rows[:, t]] @ W + h @ U + b
        f, i, o = np.split(1 / (1 + np.exp(-z[:, : 3 * UNITS])), 3, axis=1)
        g, before = np.tanh(z[:, 3 * UNITS :]), (h, c)
        c = f * c + i * g
        h = o * np.tanh(c)
        tape.append((f, i, o, g, h, c, before))
    last = np.stack([tape[end][4][row] for row, end in enumerate(ends)])  # not the filling
    return last @ V, last, tape
# endregion


# region train
def gradients(rows, ends, labels):
    E, W, U, V, b = net
    z, last, tape = forward(rows, ends)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    dz = (p / p.sum(axis=1, keepdims=True) - np.eye(2)[labels]) / len(rows)
    dE, dW, dU, db = [np.zeros_like(w) for w in (E, W, U, b)]
    dh = dc = np.zeros((len(rows), UNITS))
    for t in reversed(range(LENGTH)):  # back through time
        f, i, o, g, h, c, (h0, c0) = tape[t]
        dh = dh + (ends == t)[:, None] * (dz @ V.T)
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        gates = [dc * c0 * f * (1 - f), dc * g * i * (1 - i), dh * np.tanh(c) * o * (1 - o)]
        d = np.concatenate([*gates, dc * i * (1 - g**2)], axis=1)
        np.add.at(dE, rows[:, t], d @ W.T)
        dW, dU, db = dW + E[rows[:, t]].T @ d, dU + h0.T @ d, db + d.sum(axis=0)
        dh, dc = d @ U.T, dc * f
    return [dE, dW, dU, last.T @ dz, db]


seen, unseen = arrays(train), arrays(test)
step, m, v = 0, [0] * 5, [0] * 5
for epoch in range(EPOCHS):
    mixed = random.permutation(len(train))
    for start in range(0, len(train), BATCH):
        batch, step = mixed[start : start + BATCH], step + 1
        for k, g in enumerate(gradients(*(part[batch] for part in seen))):  # Adam
            m[k] = 0.9 * m[k] + 0.1 * g
            v[k] = 0.999 * v[k] + 0.001 * g**2
            size = np.sqrt(v[k] / (1 - 0.999**step)) + 1e-7
            net[k] = net[k] - RATE * m[k] / (1 - 0.9**step) / size

for name, (rows, ends, labels) in [("accuracy", seen), ("validationAccuracy", unseen)]:
    print(f"{name} {(forward(rows, ends)[0].argmax(axis=1) == labels).mean():.4f}")
# endregion
