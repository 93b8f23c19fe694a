"""The gradient of a small sigmoid network by the delta rule, by differences, and as once printed (NumPy only)."""
import numpy as np

SEED, SHAPE, PRINTED, RATE, STEPS = 1, (2, 3, 2), False, 2.0, 300  # PRINTED needs SHAPE (1, 1, 1)
rng = np.random.default_rng(SEED)
sigmoid = lambda z: 1 / (1 + np.exp(-z))

# region data
inputs, hidden, outputs = SHAPE
X = 2 * rng.random((15, inputs)) - 1
Y = np.stack([0.5 + 0.3 * (X[:, -1] if k else -X[:, 0]) for k in range(outputs)], 1)
# endregion

# region model
theta = [rng.normal(size=(inputs, hidden)), np.zeros(hidden), rng.normal(size=(hidden, outputs)), np.zeros(outputs)]
# endregion


# region train
def forward(W1, b1, W2, b2):
    a1 = sigmoid(X @ W1 + b1)
    return a1, sigmoid(a1 @ W2 + b2)


def cost(weights):
    return ((forward(*weights)[1] - Y) ** 2).sum() / (2 * len(X))


def by_delta(weights):
    a1, a2 = forward(*weights)
    delta2 = (a2 - Y) * a2 * (1 - a2) / len(X)  # from the loss
    delta1 = delta2 @ weights[2].T * a1 * (1 - a1)  # one layer back
    return [X.T @ delta1, delta1.sum(0), a1.T @ delta2, delta2.sum(0)]


def by_differences(weights, h=1e-5):
    slopes = [np.zeros_like(w) for w in weights]
    for w, slope in zip(weights, slopes):
        for at in np.ndindex(w.shape):
            kept = w[at]
            w[at] = kept + h
            up = cost(weights)
            w[at] = kept - h
            slope[at] = (up - cost(weights)) / (2 * h)
            w[at] = kept
    return slopes


def as_printed(weights):
    """The printed product, factor by factor; it has a value only for one neuron a layer."""
    a1, a2 = forward(*weights)
    delta2 = (a2 - Y) * a2 * (1 - a2) / len(X)
    delta1 = delta2 * weights[2] * a1 * (1 - a1)
    dx = delta1 * weights[0]
    first, second = (delta1 * dx).sum(), (delta2 / (a1 * (1 - a1)) * dx).sum()
    return [np.array([[first]]), delta1.sum(0), np.array([[second]]), delta2.sum(0)]


for step in range(STEPS):
    gradient = as_printed(theta) if PRINTED else by_delta(theta)
    theta = [w - RATE * g for w, g in zip(theta, gradient)]
gap = max(np.abs(a - b).max() for a, b in zip(by_delta(theta), by_differences(theta)))
print(f"loss {cost(theta):.6f}, delta rule and differences are at most {gap:.1e} apart")
# endregion
