"""A help desk for this book: finds out what a question wants, and says so when it does not know."""
import re
from collections import Counter
from pathlib import Path

import numpy as np

EACH, THRESHOLD, RATE, STEPS, SEED = 15, 0.5, 0.01, 140, 1

# region data
# The same sentences as in the browser, shuffled by NumPy's generator.
source = (Path(__file__).parent / "../datasets/questions.ts").read_text(encoding="utf-8")
lists = re.findall(r"(?:questions: |OFF_TOPIC[^=]*= )\[(.*?)\];?,?\n", source, re.DOTALL)
random = np.random.default_rng(SEED)
*intents, off = [random.permutation(re.findall(r"'(.+?)',", text)) for text in lists]
train = [(text, i) for i, part in enumerate(intents) for text in part[4 : 4 + EACH]]
test = [(text, i) for i, part in enumerate(intents) for text in part[:4]]
texts, y = [text for text, _ in train], np.array([label for _, label in train])


def grams(text):
    chars = [c for c in text.lower() if c.isalnum()]
    return chars + [a + b for a, b in zip(chars, chars[1:])]


having = Counter(gram for text in texts for gram in set(grams(text)))
column = {gram: i for i, gram in enumerate(having)}
idf = np.log(len(texts) / np.array(list(having.values()))) + 1


def rows(texts):
    X = np.zeros((len(texts), len(column)))
    for row, text in zip(X, texts):
        for gram in grams(text):
            if gram in column:
                row[column[gram]] += idf[column[gram]]
    return X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)


X = rows(texts)
# endregion

# region model
net = [random.normal(size=(len(column), 13)) * 0.01, np.zeros(13)]


def odds(X):
    z = X @ net[0] + net[1]
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)
# endregion


# region train
m, v = [0, 0], [0, 0]
for step in range(1, STEPS + 1):
    error = (odds(X) - np.eye(13)[y]) / len(y)
    for i, g in enumerate([X.T @ error, error.sum(axis=0)]):  # Adam
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-7
        net[i] -= RATE * m[i] / (1 - 0.9**step) / size

p, wanted = odds(rows([text for text, _ in test])), np.array([label for _, label in test])
right, answered = p.argmax(axis=1) == wanted, p.max(axis=1) >= THRESHOLD
found = y[(rows([text for text, _ in test]) @ X.T).argmax(axis=1)]
print(f"validationAccuracy {right.mean():.3f}")
print(f"retrievalAccuracy {(found == wanted).mean():.3f}")
print(f"coverage {answered.mean():.3f}")
print(f"answeredAccuracy {right[answered].mean():.3f}")
print(f"refusedAccuracy {(odds(rows(off[:20])).max(axis=1) < THRESHOLD).mean():.3f}")
# endregion
