"""The same network, weights and steps on the same samples, raw, standardised and scaled to 0 … 1."""

from pathlib import Path

import numpy as np

dataset, learning_rate, steps = "wine", 0.1, 300

# region data
file = Path(__file__).parent / f"../../public/datasets/{dataset}/{dataset}.csv"
table = np.loadtxt(file, delimiter=",", skiprows=1)
# Other draws than in TypeScript: another split, other first weights. The raw network guesses one class only, so
# its accuracy is that class's share of the test part: 24 of 53 here, 18 of 53 there.
order = np.random.default_rng(0).permutation(len(table))
learn = round(0.7 * len(table))
train, test = table[order[:learn]], table[order[learn:]]
X, y = train[:, :-1], train[:, -1].astype(int)
Y = np.eye(3)[y]
low, high, mean, deviation = X.min(0), X.max(0), X.mean(0), X.std(0)  # of the training part only
SCALINGS = {
    "raw": lambda x: x,
    "standard": lambda x: (x - mean) / deviation,
    "minmax": lambda x: (x - low) / (high - low),
}
# endregion


# region model
def network():
    rng = np.random.default_rng(1)  # the same start for all three
    shapes = [(X.shape[1], 16), (16, 3)]
    W1, W2 = (np.sqrt(2 / n) * rng.standard_normal((n, m)) for n, m in shapes)
    return [W1, np.zeros(16), W2, np.zeros(3)]


def forward(theta, x):
    W1, b1, W2, b2 = theta
    h = np.maximum(x @ W1 + b1, 0)
    return h, h @ W2 + b2


def softmax(z):
    p = np.exp(z - z.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


# endregion

# region train
for name, scale in SCALINGS.items():
    theta, x = network(), scale(X)
    for step in range(steps):
        h, z = forward(theta, x)
        p = softmax(z)
        loss = -np.mean(np.log(np.maximum(p[np.arange(len(y)), y], 1e-300)))
        d2 = (p - Y) / len(x)
        d1 = d2 @ theta[2].T * (h > 0)
        for w, g in zip(theta, [x.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)]):
            w -= learning_rate * g
    right = forward(theta, scale(test[:, :-1]))[1].argmax(1) == test[:, -1]
    print(f"{name:9} test accuracy {right.mean():.4f}, loss {loss:.4f}")
# endregion
