"""NumPy twin of hyper-parameter-search.ts: twenty short trainings, one chosen by validation digits, all tested."""
from pathlib import Path

import numpy as np

TAUGHT, HELD, TRIALS, EPOCHS, SEED = 300, 100, 20, 8, 1

# region data
# NumPy's generator: other pictures, settings and first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :]
order = random.permutation(1797)
test, rest = order[:359], order[359:]
taught, validation = rest[:TAUGHT], rest[TAUGHT : TAUGHT + HELD]


def draw_trial():
    """Rate and width evenly by factors; each batch equally often."""
    rate = 0.01 * 1000 ** random.random()
    width = round(2 * 32 ** random.random())
    return rate, width, random.choice([16, 32, 64, 128])
# endregion


# region model
def start(width):
    W1 = random.normal(size=(64, width)) * np.sqrt(1 / 64)
    W2 = random.normal(size=(width, 10)) * np.sqrt(1 / width)
    return [W1, np.zeros(width), W2, np.zeros(10)]


def forward(net, X):
    hidden = np.tanh(X @ net[0] + net[1])
    return hidden, hidden @ net[2] + net[3]


def gradients(net, X, y):
    hidden, z = forward(net, X)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(10)[y]) / len(y)
    dh = dz @ net[2].T * (1 - hidden**2)
    return [X.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]
# endregion


# region train
def train(rate, width, batch):
    net = start(width)
    for _ in range(EPOCHS):
        rows = random.permutation(taught)
        for at in range(0, TAUGHT, batch):
            some = rows[at : at + batch]
            for weights, g in zip(net, gradients(net, X[some], y[some])):
                weights -= rate * g
    return [(forward(net, X[rows])[1].argmax(1) == y[rows]).mean() for rows in (validation, test)]


tried = []
for _ in range(TRIALS):
    setting = draw_trial()
    tried.append((*train(*setting), setting))
tried.sort(key=lambda trial: -trial[0])
for held_out, tested, (rate, width, batch) in tried[:5]:
    print(f"validation {held_out:.3f}  test {tested:.3f}  rate {rate:.4f}  width {width}  batch {batch}")
best = max(tested for _, tested, _ in tried)
print(f"chosen {tried[0][1]:.3f}, the best was {best:.3f}: regret {best - tried[0][1]:.3f}")
# endregion
