"""NumPy twin of repeated-splits.ts: the same biopsies split fifty times, a tree of two questions against a line."""
from collections import Counter
from pathlib import Path

import numpy as np

SPLITS, TAUGHT, DEPTH, DECAY, STEPS = 50, 398, 2, 0.001, 200
rng = np.random.default_rng(0)

# region data
path = Path(__file__).parents[2] / "public/datasets/breast-cancer/breast-cancer.csv"
names = path.read_text().splitlines()[0].split(",")
table = np.loadtxt(path, delimiter=",", skiprows=1)
orders = [rng.permutation(len(table)) for _ in range(SPLITS)]
# endregion


# region model
def best_question(rows):
    """The column and value that lower the mean Gini impurity most; None where no question does."""
    n, ones = len(rows), rows[:, -1].sum()
    order = rows[:, :-1].argsort(axis=0, kind="stable")
    values = np.take_along_axis(rows[:, :-1], order, axis=0)
    low = rows[order, -1].cumsum(axis=0)[:-1]  # ones among the first 1 … n − 1 rows, by column
    k = np.arange(1, n)[:, None]
    mixed = 2 * low * (k - low) / k + 2 * (ones - low) * (n - k - ones + low) / (n - k)
    mixed[values[:-1] == values[1:]] = np.inf
    at, column = np.unravel_index(mixed.argmin(), mixed.shape)
    if not mixed[at, column] < 2 * ones * (n - ones) / n - 1e-9:
        return None
    return column, (values[at, column] + values[at + 1, column]) / 2


def grow(rows, depth):
    share = rows[:, -1].mean()
    question = best_question(rows) if depth > 0 and 0 < share < 1 else None
    if question is None:
        return share
    below = rows[:, question[0]] <= question[1]
    return question, grow(rows[below], depth - 1), grow(rows[~below], depth - 1)


def read(node, row):
    while isinstance(node, tuple):
        (column, at), low, high = node
        node = low if row[column] <= at else high
    return node > 0.5


def fit_line(X, y):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(STEPS):
        miss = 1 / (1 + np.exp(-(X @ w + b))) - y
        w -= 0.5 * (X.T @ miss / len(y) + DECAY * w)
        b -= 0.5 * miss.mean()
    return w, b
# endregion


# region train
tree_scores, line_scores, asked = [], [], Counter()
for order in orders:
    train, test = table[order[:TAUGHT]], table[order[TAUGHT:]]
    tree = grow(train, DEPTH)
    asked[names[tree[0][0]]] += 1
    tree_scores.append(np.mean([read(tree, row) == row[-1] for row in test]))
    mean, deviation = train[:, :-1].mean(0), train[:, :-1].std(0)  # of the training part only
    w, b = fit_line((train[:, :-1] - mean) / deviation, train[:, -1])
    said = (test[:, :-1] - mean) / deviation @ w + b > 0
    line_scores.append((said == test[:, -1]).mean())

for name, scores in (("tree", tree_scores), ("line", line_scores)):
    print(f"{name}: {np.mean(scores):.4f} ± {np.std(scores, ddof=1):.4f}")
gap = np.array(tree_scores) - line_scores
print(f"the tree wins {(gap > 0).sum()}, ties {(gap == 0).sum()}, loses {(gap < 0).sum()}; first questions: {asked}")
# endregion
