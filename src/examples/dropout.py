"""Three networks learn the same digits, some labels wrong, with no, half and most of their units dropped."""
from pathlib import Path

import numpy as np

HIDDEN, COUNT, BATCH, UPDATES, RATE, SEED = 256, 300, 50, 6, 0.002, 1
DROP, WRONG, ROUNDS = (0, 0.5, 0.8), 0.2, 60

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X, y = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
learn, test = order[:COUNT], order[1438:]
wrong = random.random(COUNT) < WRONG
told = np.where(wrong, (y[learn] + random.integers(1, 10, COUNT)) % 10, y[learn])
# endregion


# region model
start = [
    random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64),
    random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN),
]


def mask(p, images):
    """A unit is dropped for one image only; those that stay are enlarged, so that the sum stays."""
    stays = random.random((images, HIDDEN)) >= p
    return stays / (1 - p)


def forward(net, X, units=1):
    hidden = np.maximum(X @ net[0], 0) * units
    z = hidden @ net[1]
    z -= z.max(axis=1, keepdims=True)
    return hidden, z - np.log(np.exp(z).sum(axis=1, keepdims=True))
# endregion


# region train
print("dropped  test accuracy  test loss  labels learned")
for p in DROP:
    net, m, v, t = [part.copy() for part in start], [0, 0], [0, 0], 0
    for t in range(1, ROUNDS * UPDATES + 1):
        rows = random.integers(0, COUNT, BATCH)
        x, units = X[learn][rows], mask(p, BATCH)
        hidden, log_p = forward(net, x, units)
        dz = (np.exp(log_p) - np.eye(10)[told[rows]]) / BATCH
        dh = dz @ net[1].T * units * (hidden > 0)
        for i, g in enumerate([x.T @ dh, hidden.T @ dz]):  # Adam
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**t)) + 1e-7
            net[i] -= RATE * m[i] / (1 - 0.9**t) / size
    seen = forward(net, X[test])[1]  # nothing is dropped here
    right = (seen.argmax(axis=1) == y[test]).mean()
    loss = -seen[np.arange(len(test)), y[test]].mean()
    own = (forward(net, X[learn])[1].argmax(axis=1) == told).mean()
    print(f"{p:7.2f}  {right:13.3f}  {loss:9.3f}  {own:14.3f}")
# endregion
