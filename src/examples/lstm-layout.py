"""The same LSTM fed the right way round and with batch and time swapped: no error, but it reads other things."""
import numpy as np

PLACE, LENGTH, UNITS, STEPS, BATCH, EMBEDDING, RATE = 0, 8, 16, 150, 24, 8, 0.02
# region data
random = np.random.default_rng(1)


def draw(count):
    rows = random.integers(0, 10, (count, LENGTH))
    return rows, (rows[:, PLACE] >= 5).astype(int)


unseen, truth = draw(64)
# endregion


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# region model
class Lstm:
    def __init__(self, swapped):
        def weights(m, n):
            return random.normal(size=(m, n)) / np.sqrt(m)

        self.swapped, self.step = swapped, 0
        b = np.concatenate([np.ones(UNITS), np.zeros(3 * UNITS)])  # the forget gate starts open
        shapes = [(10, EMBEDDING), (EMBEDDING, 4 * UNITS), (UNITS, 4 * UNITS), (UNITS, 2)]
        self.net = [weights(m, n) for m, n in shapes] + [b]
        self.m, self.v = [0] * 5, [0] * 5

    def forward(self, rows):
        E, W, U, V, b = self.net
        X = E[rows]
        if self.swapped:  # what nn.LSTM does with [batch, time, features]: the first axis is time
            X = X.transpose(1, 0, 2)
        n, steps, _ = X.shape
        h, c = np.zeros((n, UNITS)), np.zeros((n, UNITS))
        tape, states = [], []
        for t in range(steps):
            z = X[:, t] @ W + h @ U + b
            f, i, o = np.split(sigmoid(z[:, : 3 * UNITS]), 3, axis=1)
            g, before = np.tanh(z[:, 3 * UNITS :]), (h, c)
            c = f * c + i * g
            h = o * np.tanh(c)
            tape.append((f, i, o, g, c, before))
            states.append(h)
        last = states[-1] if not self.swapped else np.stack([h[-1] for h in states])
        return last @ V, (X, tape, last)
# endregion


# region train
    def learn(self, rows, labels):
        E, W, U, V, b = self.net
        z, (X, tape, last) = self.forward(rows)
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dz = (p - np.eye(2)[labels]) / len(rows)
        dlast = dz @ V.T
        dW, dU, db, dX = 0, 0, 0, np.zeros_like(X)
        dh, dc = np.zeros((len(X), UNITS)), np.zeros((len(X), UNITS))
        for t in reversed(range(len(tape))):  # back through time
            f, i, o, g, c, (h0, c0) = tape[t]
            if self.swapped:
                dh[-1] += dlast[t]
            elif t == len(tape) - 1:
                dh = dh + dlast
            dc = dc + dh * o * (1 - np.tanh(c) ** 2)
            gates = [dc * c0 * f * (1 - f), dc * g * i * (1 - i), dh * np.tanh(c) * o * (1 - o)]
            d = np.concatenate([*gates, dc * i * (1 - g**2)], axis=1)
            dW, dU, db = dW + X[:, t].T @ d, dU + h0.T @ d, db + d.sum(axis=0)
            dX[:, t], dh, dc = d @ W.T, d @ U.T, dc * f
        dE = np.zeros_like(E)
        np.add.at(dE, rows, dX.transpose(1, 0, 2) if self.swapped else dX)
        self.step += 1
        for k, slope in enumerate([dE, dW, dU, last.T @ dz, db]):  # Adam
            self.m[k] = 0.9 * self.m[k] + 0.1 * slope
            self.v[k] = 0.999 * self.v[k] + 0.001 * slope**2
            size = np.sqrt(self.v[k] / (1 - 0.999**self.step)) + 1e-7
            self.net[k] = self.net[k] - RATE * self.m[k] / (1 - 0.9**self.step) / size


fixed, printed = Lstm(False), Lstm(True)
for _ in range(STEPS):
    rows, labels = draw(BATCH)
    fixed.learn(rows, labels)
    printed.learn(rows, labels)

for name, model in [("fixed", fixed), ("printed", printed)]:
    guesses = model.forward(unseen)[0]
    order = random.permutation(64)
    shift = np.abs(model.forward(unseen[order])[0] - guesses[order]).max()
    accuracy = (guesses.argmax(axis=1) == truth).mean()
    print(f"{name}: accuracy {accuracy:.4f}, logits move by {shift:.4f} when shuffled")
# endregion
