"""The printed form s(t2 s(t1 x)) against the same with biases, and against one with a linear output."""
import numpy as np

TARGET, HIDDEN, STEPS, SEED = "line", 8, 600, 1

# region data
TARGETS = {
    "line": lambda x: 0.3 + x,
    "bump": lambda x: 0.1 + 0.8 * np.exp(-8 * x * x),
    "wave": lambda x: 0.5 + 0.4 * np.sin(np.pi * x),
}
x = np.linspace(-1, 1, 21)[:, None]
y = TARGETS[TARGET](x)
# endregion

# region model
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def start():
    random = np.random.default_rng(SEED)  # the same start for all three
    first = 3 * random.normal(size=(1, HIDDEN))
    return [first, np.zeros(HIDDEN), random.normal(size=(HIDDEN, 1)), np.zeros(1)]


def forward(net, x, squashed):
    W1, b1, W2, b2 = net
    hidden = sigmoid(x @ W1 + b1)
    z = hidden @ W2 + b2
    return hidden, sigmoid(z) if squashed else z
# endregion


# region train
def fit(biased, squashed):
    net, m, v = start(), [0] * 4, [0] * 4
    for step in range(1, STEPS + 1):
        W1, b1, W2, b2 = net
        hidden, out = forward(net, x, squashed)
        dz = 2 * (out - y) / len(x) * (out * (1 - out) if squashed else 1)
        dh = dz @ W2.T * hidden * (1 - hidden)
        gradients = [x.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]
        for i, g in enumerate(gradients):  # Adam
            if i % 2 == 1 and not biased:
                continue
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
            net[i] = net[i] - 0.05 * m[i] / (1 - 0.9**step) / size
    return ((forward(net, x, squashed)[1] - y) ** 2).mean()


print(f"printed {fit(False, True):.5f}")
print(f"biased  {fit(True, True):.5f}")
print(f"linear  {fit(True, False):.5f}")
# endregion
