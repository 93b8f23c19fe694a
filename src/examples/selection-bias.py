"""Picks the best of many models that know nothing: its score means nothing either."""
import numpy as np

FEATURES, FRESH, MODELS, TESTS, SEED = 20, 5000, 200, 50, 1

# region data
# NumPy's generator: other draws than in the browser, so other digits after the point.
random = np.random.default_rng(SEED)


def noise(count):
    return random.normal(size=(count, FEATURES)), random.normal(size=(count, 1)) > 0


X_test, y_test = noise(TESTS)
X_fresh, y_fresh = noise(FRESH)
# endregion

# region model
W = random.normal(size=(FEATURES, MODELS))  # one column of weights for each model
# endregion

# region train
on_test = ((X_test @ W > 0) == y_test).mean(axis=0)  # [models]
on_fresh = ((X_fresh @ W > 0) == y_fresh).mean(axis=0)
best = on_test.argmax()
print(f"bestOnTest {on_test[best]:.4f}  sameModelFresh {on_fresh[best]:.4f}")
# endregion
