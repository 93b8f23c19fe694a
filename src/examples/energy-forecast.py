"""NumPy twin of energy-forecast.ts: a linear model and a network forecast a town's load a day ahead."""
import numpy as np

HOURS, WEEK, NOISE, TEST_DAYS, BATCH = 24, 168, 1.5, 14, 96
rng = np.random.default_rng(1)


def expected(hour, free, temperature):
    bump = lambda middle, width: np.exp(-(((hour - middle) / width) ** 2) / 2)
    work = 11 * bump(9, 2.2) + 7 * bump(14, 2.5) + 10 * bump(19, 2.2)
    rest = 6 * bump(11, 3.5) + 8 * bump(20, 2.5)
    warmth = 1.1 * np.maximum(0, temperature - 22) + 0.8 * np.maximum(0, 16 - temperature)
    return 20 + np.where(free, rest, work) + warmth


# region data
DAYS, HOLIDAYS = 46, 0
days = 7 + DAYS + TEST_DAYS
hour = np.tile(np.arange(HOURS), days)
day = np.repeat(np.arange(days), HOURS)
spell = np.zeros(days)
for d in range(days):
    spell[d] = 0.7 * spell[d - 1] * (d > 0) + 2.5 * rng.normal()
swing = 5 * np.sin((hour - 9) * np.pi / 12)
temperature = 18 + 6 * day / days + spell[day] + swing
free = (day % 7 >= 5) | (day >= days - HOLIDAYS)
noiseless = expected(hour, free, temperature)
load = noiseless + NOISE * rng.normal(size=days * HOURS)

scale, unscale = lambda z: (z - 28) / 7, lambda z: 7 * z + 28
at = np.arange(7 * HOURS, days * HOURS)  # the first week has no week before it
weekend = day[at] % 7 >= 5
X = np.column_stack([
    np.eye(HOURS)[hour[at]],
    np.eye(HOURS)[hour[at]] * weekend[:, None],
    scale(load[at - HOURS]), scale(load[at - WEEK]), (temperature[at] - 20) / 6,
])  # fmt: skip
y = scale(load[at])
cut = DAYS * HOURS
# endregion

# region model
HIDDEN = 24
normal = lambda m, n: rng.normal(0, np.sqrt(1 / m), (m, n))
network = [normal(X.shape[1], HIDDEN), np.zeros(HIDDEN), normal(HIDDEN, 1), np.zeros(1)]
linear = [normal(X.shape[1], 1), np.zeros(1)]


def forecast(p, x):
    if len(p) == 2:
        return (x @ p[0] + p[1])[:, 0]
    return (np.maximum(0, x @ p[0] + p[1]) @ p[2] + p[3])[:, 0]


def gradient(p, x, target):
    out = (2 * (forecast(p, x) - target) / len(target))[:, None]
    if len(p) == 2:
        return [x.T @ out, out.sum(0)]
    h = np.maximum(0, x @ p[0] + p[1])
    back = (out @ p[2].T) * (h > 0)
    return [x.T @ back, back.sum(0), h.T @ out, out.sum(0)]
# endregion


# region train
def adam(p, slots, g, t, rate=0.01):
    for w, (m, v), d in zip(p, slots, g):
        m += 0.1 * (d - m)
        v += 0.001 * (d * d - v)
        w -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)


slots = [[(np.zeros_like(w), np.zeros_like(w)) for w in p] for p in (network, linear)]
t = 0
for epoch in range(25):
    order = rng.permutation(cut)
    for start in range(0, cut, BATCH):
        rows, t = order[start : start + BATCH], t + 1
        for p, own in zip((network, linear), slots):
            adam(p, own, gradient(p, X[rows], y[rows]), t)

true = load[at][cut:]
error = lambda guess: np.abs(guess - true).mean()
for name, p in (("network", network), ("linear", linear)):
    print(f"{name}: {error(unscale(forecast(p, X[cut:]))):.2f} MW")
print(f"the week before: {error(load[at - WEEK][cut:]):.2f} MW; only noise: {error(noiseless[at][cut:]):.2f} MW")
# endregion
