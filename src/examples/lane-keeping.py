"""A network copies a teacher who never leaves his lane, and does not know what to do when it does (NumPy only)."""
import numpy as np

PUSH, TEACHER_PUSH, ROUNDS, BEND, STEPS, SEED = 1.2, 0.0, 6, 0.01, 300, 1
TAUGHT, TEST, PIECE, HIDDEN, WIDTH, FULL, EDGE, LIMIT = 1200, 600, 100, 24, 25, 0.1, 2.0, 0.25

# region data
# NumPy's generator: other roads than in the browser.
random = np.random.default_rng(SEED)
PLACES = np.linspace(4, -4, WIDTH)  # metres to the left of the car


def draw_road(length):
    count = length + 40
    knots = np.append(0, random.uniform(-BEND, BEND, count // 30 + 2))
    bends = np.interp(np.arange(count), 30 * np.arange(len(knots)), knots)
    heading = np.append(0, np.cumsum(bends))
    x = np.append(0, np.cumsum(np.cos(heading[1:])))
    y = np.append(0, np.cumsum(np.sin(heading[1:])))
    return dict(length=length, x=x, y=y, heading=heading, bends=bends)


def drive(road, seed, push, steer=None, start=0, stop=None):
    """Looks, the teacher's steering there, mean offset, departures."""
    gusts, stop = np.random.default_rng(seed), road["length"] if stop is None else stop
    at, looks, taught, distance, departures = start, [], [], 0.0, 0
    x, y, heading = road["x"][at], road["y"][at], road["heading"][at]

    def offset():
        h = road["heading"][at]
        return np.cos(h) * (y - road["y"][at]) - np.sin(h) * (x - road["x"][at])

    for metre in range(start, stop):
        if metre % 50 == 25:
            aside = push if gusts.random() < 0.5 else -push
            x, y = x - np.sin(heading) * aside, y + np.cos(heading) * aside
        ahead = at + np.array([4, 9, 15])
        left = np.cos(heading) * (road["y"][ahead] - y) - np.sin(heading) * (road["x"][ahead] - x)
        seen = np.exp(-(((left[:, None] - PLACES) / 0.35) ** 2) / 2).ravel()
        wanted = road["bends"][at] - 0.04 * offset() - 0.4 * np.sin(heading - road["heading"][at])
        wanted = np.clip(wanted, -LIMIT, LIMIT)
        looks.append(seen)
        taught.append(wanted / FULL)
        distance += min(abs(offset()), EDGE)
        heading += np.clip(steer(seen), -LIMIT, LIMIT) if steer else wanted
        x, y = x + np.cos(heading), y + np.sin(heading)
        near = np.arange(max(0, at - 1), min(road["length"], at + 3) + 1)
        at = near[np.argmin((road["x"][near] - x) ** 2 + (road["y"][near] - y) ** 2)]
        if abs(offset()) > EDGE or at < metre - 20:
            departures, at = departures + 1, metre + 1
            x, y, heading = road["x"][at], road["y"][at], road["heading"][at]
    return np.array(looks), np.array(taught), distance / (stop - start), departures


road, exam = draw_road(TAUGHT), draw_road(TEST)
X, t, *_ = drive(road, 7, TEACHER_PUSH)
paper_X, paper_t, *_ = drive(exam, 7, TEACHER_PUSH)
# endregion

# region model
start = [random.normal(0, 1 / np.sqrt(3 * WIDTH), (3 * WIDTH, HIDDEN)), np.zeros(HIDDEN)]
start += [random.normal(0, 1 / np.sqrt(HIDDEN), HIDDEN), np.zeros(1)]


class Network:
    def __init__(self):
        self.weights = [w.copy() for w in start]  # both start alike
        self.m, self.v = [0] * 4, [0] * 4

    def steer(self, X):
        W1, b1, W2, b2 = self.weights
        return np.tanh(X @ W1 + b1) @ W2 + b2[0]

    def learn(self, X, t, step):
        W1, b1, W2, b2 = self.weights
        h = np.tanh(X @ W1 + b1)
        d = 2 * (h @ W2 + b2[0] - t) / len(X)
        back = np.outer(d, W2) * (1 - h**2)
        for i, g in enumerate([X.T @ back, back.sum(0), h.T @ d, d.sum(keepdims=True)]):  # Adam
            self.m[i] = 0.9 * self.m[i] + 0.1 * g
            self.v[i] = 0.999 * self.v[i] + 0.001 * g**2
            mean, square = self.m[i] / (1 - 0.9**step), self.v[i] / (1 - 0.999**step)
            self.weights[i] -= 0.01 * mean / (np.sqrt(square) + 1e-7)


copy, pupil = Network(), Network()
# endregion

# region train
helped_X, helped_t = X.copy(), t.copy()
gap = max(1, int(0.7 * STEPS / max(1, ROUNDS)))
for step in range(1, STEPS + 1):
    copy.learn(X, t, step)
    pupil.learn(helped_X, helped_t, step)
    if step % gap == 0 and step // gap <= ROUNDS:
        piece = slice((step // gap - 1) * PIECE, step // gap * PIECE)
        # It drives a piece of road, the teacher says what to do there; so many old lessons go.
        own = lambda seen: FULL * pupil.steer(seen)
        helped_X[piece], helped_t[piece], *_ = drive(road, SEED + step, PUSH, own, piece.start, piece.stop)
for name, network in (("copy", copy), ("pupil", pupil)):
    paper = np.abs(network.steer(paper_X) - paper_t).mean()
    _, _, offset, departures = drive(exam, 7, PUSH, lambda seen: FULL * network.steer(seen))
    print(f"{name}: paperError {paper:.4f}, offset {offset:.3f} m, departures {departures}")
print(f"teacher: offset {drive(exam, 7, PUSH)[2]:.3f} m")
# endregion
