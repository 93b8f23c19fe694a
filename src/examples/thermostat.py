"""Q-learning heats a house against two fixed rules: energy and comfort side by side, at the reader's prices."""
import numpy as np

PRICE, COLD, EXPLORE, RATE, STEPS, SEED = 0.6, 2.0, 0.1, 0.01, 200, 1
TARGETS, COOLING, CAPACITY, TICK = [14, 17, 20, 21], 15, 3, 0.25
random = np.random.default_rng(SEED)
home = [hour < 8 or hour >= 18 for hour in range(24)]


# region data
def draw_day():
    return 2 + 3 * random.normal() - 4 * np.cos((np.arange(24) - 2.5) / 12 * np.pi)


def live_hour(inside, outside, target):
    energy, cold, keep = 0, 0, np.exp(-TICK / COOLING)
    for _ in range(4):
        needed = ((target - inside * keep) / (1 - keep) - outside) * CAPACITY / COOLING
        power = min(10, max(0, needed))
        rest = outside + power * COOLING / CAPACITY
        inside = rest + (inside - rest) * keep
        energy += power * TICK
        cold += max(0, 20 - inside - 1e-9) * TICK
    return inside, energy, cold


def live(days, control):
    inside, energy, cold = 20, 0, 0
    for day in days:
        for hour, outside in enumerate(day):
            inside, used, chill = live_hour(inside, outside, control(hour, inside, outside))
            energy += used
            cold += chill * home[hour]
    return energy / len(days), cold / len(days)


tests = [draw_day() for _ in range(20)]
# endregion


# region model
def state(hour, inside, outside):
    return hour, min(14, max(0, round(inside) - 8)), min(5, max(0, int((outside + 5) // 3)))


Q, visits = np.zeros((24, 15, 6, 4)), np.zeros((24, 15, 6, 4))
# endregion

# region train
inside = 20
weather = [outside for _ in range(20 * STEPS) for outside in draw_day()]
for i, outside in enumerate(weather[:-1]):
    s = state(i % 24, inside, outside)
    action = random.integers(4) if random.random() < EXPLORE else Q[s].argmax()
    inside, energy, cold = live_hour(inside, outside, TARGETS[action])
    reward = -PRICE * energy - COLD * cold * home[i % 24]
    rest = Q[state((i + 1) % 24, inside, weather[i + 1])].max()
    visits[s][action] += 1
    alpha = max(RATE, 1 / visits[s][action])  # at first the mean of what was seen
    Q[s][action] += alpha * (reward + 0.97 * rest - Q[s][action])

print("learned  %.1f kWh, %.1f too cold" % live(tests, lambda *m: TARGETS[Q[state(*m)].argmax()]))
print("constant %.1f kWh, %.1f too cold" % live(tests, lambda *m: 20))
print("schedule %.1f kWh, %.1f too cold" % live(tests, lambda h, *_: 14 if 8 <= h < 15 else 20))
# endregion
