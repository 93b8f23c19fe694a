"""Times the training steps of a small network on this machine and sets them beside GPT-3."""

import time

import numpy as np

hidden, batch, steps = 128, 64, 1000
GPT3 = 3.14e23  # FLOP, the published estimate (Brown et al., 2020, table D.1)
YEAR = 365.25 * 24 * 3600
rng = np.random.default_rng(1)  # other draws than in TypeScript; the speed does not depend on them

# region data
X = rng.standard_normal((batch, 64), dtype=np.float32)  # noise: only speed counts
Y = np.eye(10, dtype=np.float32)[rng.integers(10, size=batch)]
# endregion

# region model
W1 = rng.standard_normal((64, hidden), dtype=np.float32) * np.float32(np.sqrt(2 / 64))
W2 = rng.standard_normal((hidden, 10), dtype=np.float32) * np.float32(np.sqrt(2 / hidden))
# Forward: both products. Backward: the gradients of W1 and W2, and that of the hidden layer.
flop = 2 * batch * (2 * 64 * hidden + 3 * hidden * 10)
# endregion

# region train
for step in range(steps + 10):
    if step == 10:  # the first steps warm up
        start = time.perf_counter()
    h = np.maximum(X @ W1, 0)
    z = h @ W2
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.mean(np.log((p * Y).sum(1)))
    d2 = (p - Y) / np.float32(batch)
    d1 = d2 @ W2.T * (h > 0)
    W2 -= np.float32(0.1) * (h.T @ d2)
    W1 -= np.float32(0.1) * (X.T @ d1)
rate = steps / (time.perf_counter() - start)
# endregion

print(f"loss {loss:.4f}, {rate:.0f} steps/s, {flop:.3g} FLOP a step, {rate * flop:.3g} FLOP/s")
print(f"GPT-3 at this speed: {GPT3 / (rate * flop) / YEAR:.3g} years")
