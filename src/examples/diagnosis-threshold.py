"""NumPy twin of diagnosis-threshold.ts: logistic regression on biopsies; the threshold trades misses for alarms."""
from pathlib import Path

import numpy as np

THRESHOLD, DECAY, STEPS = 0.5, 0.01, 200
rng = np.random.default_rng(0)
sigmoid = lambda z: 1 / (1 + np.exp(-z))

# region data
folder = Path(__file__).parents[2] / "public/datasets/breast-cancer"
table = np.loadtxt(folder / "breast-cancer.csv", delimiter=",", skiprows=1)
order = rng.permutation(len(table))
train, test = table[order[:398]], table[order[398:]]
mean, deviation = train[:, :-1].mean(0), train[:, :-1].std(0)  # of the training part only
scale = lambda rows: (rows[:, :-1] - mean) / deviation
X, y, X_test, malignant = scale(train), train[:, -1], scale(test), test[:, -1] == 1
# endregion

# region model
w, b = np.zeros(X.shape[1]), np.zeros(1)
logits = lambda rows: rows @ w + b
# endregion

# region train
slots = [[np.zeros_like(p), np.zeros_like(p)] for p in (w, b)]
for t in range(1, STEPS + 1):
    miss = (sigmoid(logits(X)) - y) / len(y)
    for p, (m, v), g in zip((w, b), slots, (X.T @ miss + DECAY * w, miss.sum(keepdims=True))):
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        p -= 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)

score = sigmoid(logits(X_test))
alarm = score >= THRESHOLD
recall, precision = alarm[malignant].mean(), malignant[alarm].mean()
area = (score[malignant][:, None] > score[~malignant][None, :]).mean()
print(f"accuracy {(alarm == malignant).mean():.3f}, recall {recall:.3f}, precision {precision:.3f}")
print(f"AUC {area:.4f}")
# endregion
