"""A small transformer, written out: learns the next character of this book from all that came before it."""
from collections import Counter
from pathlib import Path

import numpy as np

WIDTH, HEADS, CONTEXT, BATCH, RATE, DECAY, STEPS, SEED = 32, 2, 32, 16, 0.01, 0.003, 400, 1
CHARACTERS, SIZE = 60000, WIDTH // HEADS

# region data
# The build writes the book's sentences; the site serves them at datasets/book/sentences.txt.
file = Path(__file__).parent / "../../dist/datasets/book/sentences.txt"
random = np.random.default_rng(SEED)
sentences = random.permutation(file.read_text(encoding="utf-8").splitlines())
heldout, train = np.split(sentences, [len(sentences) // 10])
counts = Counter("".join(train))
train = train[np.cumsum([len(sentence) for sentence in train]) < CHARACTERS]
vocabulary = ["▷", "□", "◁"] + [char for char, n in counts.most_common() if n > 1]
number = {char: i for i, char in enumerate(vocabulary)}


def stream(sentences):
    texts = [[0] + [number.get(char, 1) for char in sentence] + [2] for sentence in sentences]
    return np.concatenate([t[:-1] for t in texts]), np.concatenate([t[1:] for t in texts])


x, y = stream(train)
unigram = (np.bincount(y, minlength=len(vocabulary)) + 0.5) / (len(y) + len(vocabulary) / 2)
# endregion


# region block
def norm(x, gain):
    """Every row: mean 0, variance 1. Also the way back of a gradient."""
    centred = x - x.mean(axis=1, keepdims=True)
    r = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    z = centred * r

    def back(dy):
        dz = dy * gain
        along = (dz * z).mean(axis=1, keepdims=True)
        return r * (dz - dz.mean(axis=1, keepdims=True) - z * along), (dy * z).sum(axis=0)

    return z * gain, back


def cut(y):
    return y.reshape(-1, CONTEXT, HEADS, SIZE).transpose(0, 2, 1, 3)


def join(y):
    return y.transpose(0, 2, 1, 3).reshape(-1, WIDTH)


def block(h, w):
    """Attention and a small network, each added to what came in. h: [rows · n, width]."""
    x, back_before = norm(h, w["before"])
    q, k, v = cut(x @ w["Q"]), cut(x @ w["K"]), cut(x @ w["V"])
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(SIZE) + mask
    looks = np.exp(scores - scores.max(axis=-1, keepdims=True))
    looks /= looks.sum(axis=-1, keepdims=True)
    mixed = join(looks @ v)
    seen = h + mixed @ w["O"]
    u, back_between = norm(seen, w["between"])
    inner = np.maximum(u @ w["U"], 0)

    def back(dout):
        g = {"D": inner.T @ dout}
        dinner = dout @ w["D"].T * (inner > 0)
        g["U"] = u.T @ dinner
        dseen, g["between"] = back_between(dinner @ w["U"].T)
        dseen += dout
        g["O"] = mixed.T @ dseen
        dmixed = cut(dseen @ w["O"].T)
        dlooks = dmixed @ v.transpose(0, 1, 3, 2)
        dscores = looks * (dlooks - (dlooks * looks).sum(axis=-1, keepdims=True)) / np.sqrt(SIZE)
        dq, dk = join(dscores @ k), join(dscores.transpose(0, 1, 3, 2) @ q)
        dv = join(looks.transpose(0, 1, 3, 2) @ dmixed)
        g["Q"], g["K"], g["V"] = x.T @ dq, x.T @ dk, x.T @ dv
        dh, g["before"] = back_before(dq @ w["Q"].T + dk @ w["K"].T + dv @ w["V"].T)
        return dh + dseen, g

    return seen + inner @ w["D"], back
# endregion


# region model
def weights(m, n, deviation=None):
    return random.normal(size=(m, n)) * (deviation or np.sqrt(1 / m))


w = {
    "E": weights(len(vocabulary), WIDTH, 0.1),
    "P": weights(CONTEXT, WIDTH, 0.1),
    "Q": weights(WIDTH, WIDTH),
    "K": weights(WIDTH, WIDTH),
    "V": weights(WIDTH, WIDTH),
    "O": weights(WIDTH, WIDTH, 0.02),
    "U": weights(WIDTH, 4 * WIDTH),
    "D": weights(4 * WIDTH, WIDTH, 0.02),
    "H": weights(WIDTH, len(vocabulary), 0.02),
    "before": np.ones(WIDTH),
    "between": np.ones(WIDTH),
    "last": np.ones(WIDTH),
    "b": np.log(unigram),
}
mask = np.triu(np.full((CONTEXT, CONTEXT), -1e4), 1)


def forward(x):
    h, back_block = block((w["E"][x] + w["P"]).reshape(-1, WIDTH), w)
    z, back_last = norm(h, w["last"])
    logits = z @ w["H"] + w["b"]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True), (z, back_last, back_block)
# endregion


# region train
def gradients(x, y):
    p, (z, back_last, back_block) = forward(x)
    rows = np.arange(len(p))
    loss = -np.log(p[rows, y.ravel()]).mean()
    dlogits = p
    dlogits[rows, y.ravel()] -= 1
    dlogits /= len(p)
    dh, dlast = back_last(dlogits @ w["H"].T)
    dh, g = back_block(dh)
    dh = dh.reshape(-1, CONTEXT, WIDTH)
    dE = np.zeros_like(w["E"])
    np.add.at(dE, x, dh)
    g |= {"E": dE, "P": dh.sum(axis=0), "last": dlast}
    return loss, g | {"H": z.T @ dlogits, "b": dlogits.sum(axis=0)}


m, v = dict.fromkeys(w, 0), dict.fromkeys(w, 0)
for step in range(1, STEPS + 1):
    starts = random.integers(len(x) - CONTEXT + 1, size=BATCH)
    places = starts[:, None] + np.arange(CONTEXT)
    loss, g = gradients(x[places], y[places])
    rate = RATE * min(1, 1.2 - step / STEPS)  # slower after a fifth of the way
    for name in w:  # Adam
        m[name] = 0.9 * m[name] + 0.1 * g[name]
        v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
        size = np.sqrt(v[name] / (1 - 0.999**step)) + 1e-7
        w[name] = w[name] - rate * m[name] / (1 - 0.9**step) / size
        if len(name) == 1 and name != "b":
            w[name] *= 1 - DECAY

xh, yh = (part[: 2500 // CONTEXT * CONTEXT].reshape(-1, CONTEXT) for part in stream(heldout))
p = forward(xh)[0][np.arange(yh.size), yh.ravel()]
print(f"loss {loss:.3f}")
print(f"validationPerplexity {np.exp(-np.log(p).mean()):.1f}")
print(f"unigramPerplexity {np.exp(-np.log(unigram[yh]).mean()):.1f}")
# endregion
