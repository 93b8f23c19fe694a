"""A language model of this book: guesses the next character from the few before it."""
from collections import Counter
from pathlib import Path

import numpy as np

CONTEXT, SIZE, HIDDEN, BATCH, RATE, DECAY, STEPS, SEED = 3, 32, 128, 256, 0.01, 0.003, 250, 1
CHARACTERS = 20000

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


def windows(sentences):
    X, y = [], []
    for sentence in sentences:
        text = [0] * CONTEXT + [number.get(char, 1) for char in sentence] + [2]
        for i in range(CONTEXT, len(text)):
            X.append(text[i - CONTEXT : i])
            y.append(text[i])
    return np.array(X), np.array(y)


X, y = windows(train)
unigram = (np.bincount(y, minlength=len(vocabulary)) + 0.5) / (len(y) + len(vocabulary) / 2)
# endregion

# region model
E = random.normal(size=(len(vocabulary), SIZE)) * 0.1
W1 = random.normal(size=(CONTEXT * SIZE, HIDDEN)) * np.sqrt(2 / (CONTEXT * SIZE))
W2 = random.normal(size=(HIDDEN, len(vocabulary))) * 0.01
net = [E, W1, np.zeros(HIDDEN), W2, np.log(unigram)]


def forward(X):
    E, W1, b1, W2, b2 = net
    rows = E[X].reshape(len(X), -1)
    hidden = np.maximum(rows @ W1 + b1, 0)
    z = hidden @ W2 + b2
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return rows, hidden, p / p.sum(axis=1, keepdims=True)


def perplexity(X, y):
    return np.exp(-np.log(forward(X)[2][np.arange(len(y)), y]).mean())
# endregion


# region train
def gradients(X, y):
    E, W1, b1, W2, b2 = net
    rows, hidden, p = forward(X)
    dz = (p - np.eye(len(vocabulary))[y]) / len(y)
    dh = dz @ W2.T * (hidden > 0)
    dE = np.zeros_like(E)
    np.add.at(dE, X, (dh @ W1.T).reshape(len(X), CONTEXT, SIZE))
    return [dE, rows.T @ dh, dh.sum(axis=0), hidden.T @ dz, dz.sum(axis=0)]


m, v = [0] * 5, [0] * 5
epochs = STEPS * BATCH // len(y) + 1
order = np.concatenate([random.permutation(len(y)) for _ in range(epochs)])
for step in range(1, STEPS + 1):
    batch = order[(step - 1) * BATCH : step * BATCH]
    for i, g in enumerate(gradients(X[batch], y[batch])):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
        net[i] -= RATE * m[i] / (1 - 0.9**step) / size
        if i in (0, 1, 3):
            net[i] *= 1 - DECAY

Xh, yh = windows(heldout)
print(f"validationPerplexity {perplexity(Xh, yh):.1f}")
print(f"unigramPerplexity {np.exp(-np.log(unigram[yh]).mean()):.1f}")
# endregion
