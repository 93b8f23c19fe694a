"""Drops the training images with the largest loss, and counts what was dropped."""
from pathlib import Path

import numpy as np

COUNT, EPOCHS, BATCH, HIDDEN, RATE, SEED = 300, 60, 50, 64, 0.005, 1
WRONG, DROP, WHEN, RARE = 0.2, 0.2, 10, False

# region data
# NumPy's generator: another split and other first weights than in the browser.
random = np.random.default_rng(SEED)
file = Path(__file__).parent / "../../public/datasets/digits/digits.bin"
data = np.fromfile(file, dtype=np.uint8)
X_all, y_all = data[: 1797 * 64].reshape(1797, 64) / 16, data[1797 * 64 :].astype(int)
order = random.permutation(1797)
train, test = order[:1438], order[1438:]
if RARE:
    eights = train[y_all[train] == 8]
    train = train[~np.isin(train, eights[6:])]
X, labels = X_all[train[:COUNT]], y_all[train[:COUNT]]
given = labels.copy()  # a wrong label is any other digit
wrong = round(COUNT * WRONG)
given[:wrong] = (labels[:wrong] + 1 + random.integers(9, size=wrong)) % 10
# endregion

# region model
W1 = random.normal(size=(64, HIDDEN)) * np.sqrt(2 / 64)
W2 = random.normal(size=(HIDDEN, 10)) * np.sqrt(2 / HIDDEN)


def forward(net, X):
    W1, b, W2 = net
    hidden = np.maximum(X @ W1 + b, 0)
    z = hidden @ W2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return hidden, p / p.sum(axis=1, keepdims=True)
# endregion


# region train
def learn(y, cleaning=False):
    net, step, m, v = [W1.copy(), np.zeros(HIDDEN), W2.copy()], 0, [0] * 3, [0] * 3
    dropped = np.array([], dtype=int)
    for epoch in range(1, EPOCHS + 1):
        rows = random.permutation(np.setdiff1d(np.arange(COUNT), dropped))
        for start in range(0, len(rows), BATCH):
            batch, step = rows[start : start + BATCH], step + 1
            hidden, p = forward(net, X[batch])
            dz = (p - np.eye(10)[y[batch]]) / len(batch)
            dh = dz @ net[2].T * (hidden > 0)
            for i, g in enumerate([X[batch].T @ dh, dh.sum(axis=0), hidden.T @ dz]):  # Adam
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g**2
                size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
                net[i] = net[i] - RATE * m[i] / (1 - 0.9**step) / size
        if cleaning and epoch == WHEN:  # the labels that the network believes least
            p = forward(net, X)[1][np.arange(COUNT), y]
            dropped = p.argsort()[: round(DROP * COUNT)]
    right = forward(net, X_all[test])[1].argmax(axis=1) == y_all[test]
    return right.mean(), right[y_all[test] == 8].mean(), dropped


for name, y, cleaning in [("noisy", given, 0), ("cleaned", given, 1), ("clean", labels, 0)]:
    accuracy, eights, dropped = learn(y, cleaning)
    print(f"{name} {accuracy:.4f}  {name}Eights {eights:.4f}")
    if cleaning:
        print(f"dropped {len(dropped)}, wrong {(given != labels)[dropped].sum()} of {wrong}")
# endregion
