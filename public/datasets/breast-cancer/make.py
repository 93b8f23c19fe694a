"""Makes breast-cancer.csv again: pip install scikit-learn, then python3 make.py in this folder."""

import hashlib
from pathlib import Path

from sklearn.datasets import load_breast_cancer

data = load_breast_cancer()
names = [name.replace(" ", "_") for name in data.feature_names]
lines = [",".join([*names, "class"])]
for row, label in zip(data.data, data.target):
    malignant = 1 - label  # scikit-learn counts benign as 1
    lines.append(",".join([*(f"{value:.12g}" for value in row), str(malignant)]))
content = ("\n".join(lines) + "\n").encode()
Path(__file__).with_name("breast-cancer.csv").write_bytes(content)
print(len(content), "bytes, SHA-256", hashlib.sha256(content).hexdigest())
