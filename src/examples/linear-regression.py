"""Gradient descent on the four points of the source document; w and b start at zero."""

import numpy as np

learning_rate, square, standardize, steps = 0.01, False, False, 1000

# region data
x = np.array([1.0, 2.0, 3.0, 4.0])
y = np.array([0.0, 1.0, 4.0, 9.0])  # (x - 1)²


def raw(x):
    return np.stack([x, x**2], axis=1) if square else x[:, None]


def features(x):
    X = raw(np.asarray(x, dtype=float))
    return (X - raw(x_train).mean(0)) / raw(x_train).std(0) if standardize else X


x_train = x
X = features(x)  # [4, 1] or [4, 2]
# endregion

# region model
w = np.zeros(X.shape[1])
b = 0.0


def predict(X):
    return X @ w + b  # ŷ = Xw + b


# endregion

# region train
for step in range(steps):
    error = predict(X) - y
    loss = np.mean(error**2)
    # What minimize() does in TypeScript: the gradient of the mean squared error, by hand.
    w -= learning_rate * 2 * X.T @ error / len(y)
    b -= learning_rate * 2 * error.mean()
# endregion

(five,) = predict(features([5.0]))
print(f"loss {loss:.8f}, w {w[0]:.8f}, b {b:.8f}")
print(f"x = 5: {five:.4f}; error {(five - 16) ** 2:.4f} for 16, {(five - 25) ** 2:.4f} for 25")
