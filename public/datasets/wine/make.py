"""Makes wine.csv again: pip install scikit-learn, then python3 make.py in this folder."""

import hashlib
from pathlib import Path

from sklearn.datasets import load_wine

data = load_wine()
lines = [",".join([*data.feature_names, "class"])]
for row, label in zip(data.data, data.target):
    lines.append(",".join([*(f"{value:.12g}" for value in row), str(label)]))
content = ("\n".join(lines) + "\n").encode()
Path(__file__).with_name("wine.csv").write_bytes(content)
print(len(content), "bytes, SHA-256", hashlib.sha256(content).hexdigest())
