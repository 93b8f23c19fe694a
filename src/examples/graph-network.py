"""Graph network: who belongs to which circle, from a handful of known members and the friendships (NumPy only)."""
import numpy as np

SEED, LABELLED, INSIDE, BETWEEN, HINT, STEPS = 1, 2, 0.2, 0.02, 0.5, 150
MEMBERS, HINTS, HIDDEN, RATE = 60, 8, 16, 0.02
rng = np.random.default_rng(SEED)

# region data
labels = np.repeat([0, 1], MEMBERS // 2)
X = rng.normal(size=(MEMBERS, HINTS))
X[:, 0] += HINT * (2 * labels - 1)
same = labels[:, None] == labels
friends = np.triu(rng.random((MEMBERS, MEMBERS)) < np.where(same, INSIDE, BETWEEN), 1)
A = (friends | friends.T) + np.eye(MEMBERS)  # friends and oneself
degree = A.sum(1)
A = A / np.sqrt(degree[:, None] * degree)
told = np.zeros(MEMBERS)
for circle in (0, 1):
    told[rng.choice(np.flatnonzero(labels == circle), LABELLED, replace=False)] = 1
Y = np.eye(2)[labels]
# endregion


# region model
def network():
    random = np.random.default_rng(SEED)
    return [
        random.normal(0, np.sqrt(1 / HINTS), (HINTS, HIDDEN)),
        random.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, 2)),
    ]


def forward(weights, mix):
    """Each layer first mixes every node with its friends; `mix` = identity is an ordinary network."""
    mixed = mix @ X
    hidden = np.maximum(mixed @ weights[0], 0)
    z = mix @ hidden @ weights[1]
    p = np.exp(z - z.max(1, keepdims=True))
    return mixed, hidden, p / p.sum(1, keepdims=True)


# endregion


# region train
def train(name, mix):
    weights = network()
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    for step in range(1, STEPS + 1):
        mixed, hidden, p = forward(weights, mix)
        dz = mix.T @ ((p - Y) * told[:, None] / told.sum())  # only told members count
        dh = (dz @ weights[1].T) * (hidden > 0)
        for k, g in enumerate([mixed.T @ dh, hidden.T @ dz]):  # Adam
            m[k] = 0.9 * m[k] + 0.1 * g
            v[k] = 0.999 * v[k] + 0.001 * g * g
            size = np.sqrt(v[k] / (1 - 0.999**step)) + 1e-7
            weights[k] = weights[k] - RATE * m[k] / (1 - 0.9**step) / size
    p = forward(weights, mix)[2]
    right = p.argmax(1) == labels
    loss = -(np.log((p * Y).sum(1)) * told).sum() / told.sum()
    print(f"{name}: loss {loss:.4f}, accuracy of the others {right[told == 0].mean():.4f}")


train("features and friends", A)
train("features alone", np.eye(MEMBERS))
# endregion
