"""The same softmax regression trained with -ln p and with -p ln p: the second has the smaller loss and knows nothing."""
from pathlib import Path

import numpy as np

RATE, WARMUP, STEPS = 0.01, 0, 200

# region data
# NumPy's generator: another split than in the browser.
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, labels = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :]
Y = np.eye(10)[labels]
order = np.random.default_rng(1).permutation(1797)
train, test = order[:1438], order[1438:]
# endregion


# region model
class Regression:
    def __init__(self):
        self.net = [np.zeros((64, 10)), np.zeros(10)]
        self.m, self.v = [0, 0], [0, 0]

    def probabilities(self, X):
        z = X @ self.net[0] + self.net[1]
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)
# endregion


# region losses
def minus_log(p):  # loss of the true class, and its derivative by p
    return -np.log(p), -1 / p


def printed(p):
    return -p * np.log(p), -(np.log(p) + 1)
# endregion


# region train
def learn(model, step, cost):
    p = model.probabilities(X[train])
    truth = np.maximum((p * Y[train]).sum(axis=1), 1e-30)
    loss, slope = cost(truth)
    # dp/dz of the true class is p (y - p); then the mean over samples.
    dz = (slope * truth)[:, None] * (Y[train] - p) / len(train)
    for i, g in enumerate([X[train].T @ dz, dz.sum(axis=0)]):  # Adam
        model.m[i] = 0.9 * model.m[i] + 0.1 * g
        model.v[i] = 0.999 * model.v[i] + 0.001 * g**2
        size = np.sqrt(model.v[i] / (1 - 0.999**step)) + 1e-7
        model.net[i] -= RATE * model.m[i] / (1 - 0.9**step) / size
    return loss.mean()


right, wrong = Regression(), Regression()
for step in range(1, STEPS + 1):
    right_loss = learn(right, step, minus_log)
    wrong_loss = learn(wrong, step, minus_log if step <= WARMUP else printed)

for name, model, loss in [("-ln p", right, right_loss), ("-p ln p", wrong, wrong_loss)]:
    accuracy = (model.probabilities(X[test]).argmax(axis=1) == labels[test]).mean()
    print(f"{name}: loss {loss:.5f}, test accuracy {accuracy:.4f}")
# endregion
