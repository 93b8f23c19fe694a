"""NumPy twin of fraud-detection.ts: 2 % of payments are fraud; a plain loss and one that weighs fraud more."""
import numpy as np

SHIFTS = np.array([0.9, 0.8, 0.6, 0.9, 0.8, -0.7])
FRAUD, WEIGHT, TAUGHT, TEST, STEPS = 0.02, 30, 4000, 4000, 150
rng = np.random.default_rng(1)
sigmoid = lambda z: 1 / (1 + np.exp(-z))


# region data
def draw(count):
    fraud = rng.random(count) < FRAUD
    return rng.normal(size=(count, 6)) + SHIFTS * fraud[:, None], fraud


(X, y), (X_test, fraud) = draw(TAUGHT), draw(TEST)
# endregion


# region model
def logistic():
    return np.zeros(6), np.zeros(1)
# endregion


# region train
def learn(weight):
    w, b = logistic()
    slots = [[np.zeros_like(p), np.zeros_like(p)] for p in (w, b)]
    weights = np.where(y, weight, 1.0)
    for t in range(1, STEPS + 1):
        miss = (sigmoid(X @ w + b) - y) * weights / weights.sum()
        for p, (m, v), g in zip((w, b), slots, (X.T @ miss, miss.sum(keepdims=True))):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    return sigmoid(X_test @ w + b)


for name, weight in (("plain", 1), ("weighted", WEIGHT)):
    score = learn(weight)
    alarm = score >= 0.5
    area = (score[fraud][:, None] > score[~fraud][None, :]).mean()
    accuracy, recall = (alarm == fraud).mean(), alarm[fraud].mean()
    print(f"{name}: accuracy {accuracy:.3f}, recall {recall:.3f}, AUC {area:.3f}")
# endregion
