"""A polynomial through noisy points with a penalty on its weights: in closed form, and by gradient descent."""
import numpy as np

DEGREE, STRENGTH, NOISE, COUNT, TEST, STEPS, UPDATES, SEED = 12, 1e-3, 0.3, 15, 500, 60, 10, 1

# region data
# NumPy's generator: other points than in the browser.
random = np.random.default_rng(SEED)


def draw_points(count):
    """One x anywhere in each of `count` equal parts of -1 ... 1."""
    x = 2 * (np.arange(count) + random.random(count)) / count - 1
    return x, np.sin(np.pi * x) + NOISE * random.normal(size=count)


x_test, y_test = draw_points(TEST)
x, y = draw_points(COUNT)
powers = lambda x: x[:, None] ** np.arange(DEGREE + 1)
X = powers(x)
# endregion


# region model
def solve(strength):
    """(X'X/n + strength I) w = X'y/n; the constant is not penalized."""
    penalty = strength * np.diag([0] + [1] * DEGREE)
    return np.linalg.solve(X.T @ X / COUNT + penalty, X.T @ y / COUNT)


error = lambda w, x, y: np.mean((powers(x) @ w - y) ** 2)
size = lambda w: np.linalg.norm(w[1:])
# endregion


# region train
for strength in (1e-9, STRENGTH, 1):
    w = solve(strength)
    train, test = error(w, x, y), error(w, x_test, y_test)
    print(f"formula, strength {strength:7g}: train {train:.4f}, test {test:9.4f}, |w| {size(w):9.3f}")

for strength in (1e-9, STRENGTH):
    w, velocity = np.zeros(DEGREE + 1), np.zeros(DEGREE + 1)
    rate = 0.5 / (np.sum(X**2) / COUNT + strength)
    for update in range(STEPS * UPDATES):
        gradient = 2 * X.T @ (X @ w - y) / COUNT + 2 * strength * w * (np.arange(DEGREE + 1) > 0)
        velocity = 0.98 * velocity + gradient  # Nesterov's momentum
        w -= rate * (gradient + 0.98 * velocity)
    gap = np.abs(powers(x_test) @ (w - solve(strength))).max()
    test = error(w, x_test, y_test)
    print(f"descent, strength {strength:7g}: test {test:.4f}, |w| {size(w):.3f}, off by {gap:.4f}")
# endregion
