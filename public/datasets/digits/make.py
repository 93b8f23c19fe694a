"""Makes digits.bin again: pip install scikit-learn, then python3 make.py in this folder."""

import hashlib
from pathlib import Path

from sklearn.datasets import load_digits

digits = load_digits()
assert digits.data.shape == (1797, 64) and digits.data.min() == 0 and digits.data.max() == 16
content = digits.data.astype("uint8").tobytes() + digits.target.astype("uint8").tobytes()
Path(__file__).with_name("digits.bin").write_bytes(content)
print(len(content), "bytes, SHA-256", hashlib.sha256(content).hexdigest())
