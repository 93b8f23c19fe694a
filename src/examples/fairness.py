"""One model, two groups: equal accuracy is not equal errors, and every rule of fairness costs somebody something."""
import numpy as np

PEOPLE, STEPS, LEARNING_RATE = 4000, 150, 0.05
BASE, NOISE = [0.5, 0.2], [1.5, 2]  # share of able applicants, error of their results
RULE = "one"  # one, rate, opportunity, alarm

# region data
# NumPy's generator: other draws than in the browser, so other digits after the point.
random = np.random.default_rng(1)


def draw():
    group = (random.random(PEOPLE) < 0.3).astype(int)
    able = random.random(PEOPLE) < np.take(BASE, group)
    error = np.take(NOISE, group)[:, None] * random.normal(size=(PEOPLE, 2))
    side = 2 * group - 1
    postcode = np.where(random.random(PEOPLE) < 0.9, side, -side)
    results = (2 * able - 1)[:, None] + error
    return np.column_stack([results, postcode, side]), group, able


train, held, test = draw(), draw(), draw()
# endregion

# region model
w, b = np.zeros(4), 0.0


def chances(x):
    return 1 / (1 + np.exp(-(x @ w + b)))


# endregion

# region train
x, _, y = train
m, v = np.zeros(5), np.zeros(5)
for t in range(1, STEPS + 1):
    p = chances(x)
    g = np.append(x.T @ (p - y), (p - y).sum()) / PEOPLE
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2  # Adam
    step = LEARNING_RATE * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    w, b = w - step[:4], b - step[4]

x, group, able = held
p = chances(x)
asked = {"one": group >= 0, "rate": group >= 0, "opportunity": able, "alarm": ~able}[RULE]
level = (p[asked] >= 0.5).mean()
lines = np.array([0.5, 0.5])
if RULE != "one":
    lines = np.array([np.quantile(p[asked & (group == k)], 1 - level) for k in (0, 1)])

x, group, able = test
yes = chances(x) >= lines[group]
print(f"accuracy {(yes == able).mean():.4f}")
for k, name in enumerate("AB"):
    mine = group == k
    print(f"accuracy{name} {(yes == able)[mine].mean():.4f}", end="  ")
    print(f"approved{name} {yes[mine & able].mean():.4f}")
# endregion
