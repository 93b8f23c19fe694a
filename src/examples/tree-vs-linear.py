"""NumPy twin of tree-vs-linear.ts: a greedy decision tree and a line, both readable, on biopsies of breast masses."""
from pathlib import Path

import numpy as np

DEPTH, DECAY, STEPS = 2, 0.001, 200
rng = np.random.default_rng(0)

# region data
path = Path(__file__).parents[2] / "public/datasets/breast-cancer/breast-cancer.csv"
names = path.read_text().splitlines()[0].split(",")
table = np.loadtxt(path, delimiter=",", skiprows=1)
order = rng.permutation(len(table))
train, test = table[order[:398]], table[order[398:]]
mean, deviation = train[:, :-1].mean(0), train[:, :-1].std(0)  # of the training part only
scale = lambda rows: (rows[:, :-1] - mean) / deviation
X, y, X_test, y_test = scale(train), train[:, -1], scale(test), test[:, -1]
# endregion


# region model
def gini(n, ones):
    """n times the Gini impurity of n rows, of which some are of class 1."""
    return 2 * ones * (n - ones) / n


def grow(rows, depth):
    """A tree of dictionaries; every question lowers the mean impurity most."""
    n, ones = len(rows), rows[:, -1].sum()
    node = {"malignant": ones / n}
    if depth == 0 or ones in (0, n):
        return node
    best = (gini(n, ones) - 1e-9, None)
    for column in range(rows.shape[1] - 1):
        values = rows[rows[:, column].argsort(kind="stable")]
        low = values[:, -1].cumsum()
        for k in range(1, n):
            if values[k - 1, column] < values[k, column]:
                mixed = gini(k, low[k - 1]) + gini(n - k, ones - low[k - 1])
                if mixed < best[0]:
                    best = (mixed, (column, (values[k - 1, column] + values[k, column]) / 2))
    if best[1] is None:
        return node
    column, at = best[1]
    below = rows[:, column] <= at
    return node | {"ask": (column, at), "low": grow(rows[below], depth - 1), "high": grow(rows[~below], depth - 1)}


def read(node, row):
    while "ask" in node:
        column, at = node["ask"]
        node = node["low"] if row[column] <= at else node["high"]
    return node["malignant"] > 0.5
# endregion


# region train
for depth in range(1, 6):
    tree = grow(train, depth)
    right = [np.mean([read(tree, row) == row[-1] for row in part]) for part in (train, test)]
    column, at = tree["ask"]
    print(f"depth {depth}: train {right[0]:.3f}, test {right[1]:.3f}, first question {names[column]} <= {at:.4f}")

w, b = np.zeros(X.shape[1]), 0.0
for _ in range(STEPS):
    miss = 1 / (1 + np.exp(-(X @ w + b))) - y
    w -= 0.5 * (X.T @ miss / len(y) + DECAY * w)
    b -= 0.5 * miss.mean()
print(f"line: test {((X_test @ w + b > 0) == y_test).mean():.3f}")
# endregion
