"""NumPy twin of learner-model.ts: Rasch's model learns abilities and difficulties from answers alone."""
import numpy as np

STUDENTS, ITEMS, HELD_OUT, PRIOR, STEPS = 120, 20, 0.2, 1.0, 150
rng = np.random.default_rng(1)
sigmoid = lambda z: 1 / (1 + np.exp(-z))

# region data
ability_true = rng.normal(size=(STUDENTS, 1))
difficulty_true = np.sort(rng.normal(0, 1.2, (1, ITEMS)))
right = (rng.random((STUDENTS, ITEMS)) < sigmoid(ability_true - difficulty_true)).astype(float)
seen = (rng.random((STUDENTS, ITEMS)) >= HELD_OUT).astype(float)
asked = seen.sum()
# endregion

# region model
ability = rng.normal(0, 0.1, (STUDENTS, 1))
difficulty = rng.normal(0, 0.1, (1, ITEMS))
logits = lambda: ability - difficulty
# endregion

# region train
slots = [[np.zeros_like(w), np.zeros_like(w)] for w in (ability, difficulty)]
for t in range(1, STEPS + 1):
    miss = (sigmoid(logits()) - right) * seen  # gradient of the sum of cross-entropies
    gradients = (
        (miss.sum(1, keepdims=True) + PRIOR * ability) / asked,
        (-miss.sum(0, keepdims=True) + PRIOR * difficulty) / asked,
    )
    for w, (m, v), g in zip((ability, difficulty), slots, gradients):
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        w -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)

unseen = seen == 0
foretold = ((logits() > 0) == (right == 1))[unseen].mean()
easy = ((right * seen).sum(0) / seen.sum(0) > 0.5)[None, :].repeat(STUDENTS, 0)
by_item = (easy == (right == 1))[unseen].mean()
print(f"held-out answers foretold: {foretold:.3f}, by the exercise alone: {by_item:.3f}")
print(f"correlation of abilities: {np.corrcoef(ability_true[:, 0], ability[:, 0])[0, 1]:.3f}")
print(f"correlation of difficulties: {np.corrcoef(difficulty_true[0], difficulty[0])[0, 1]:.3f}")
# endregion
