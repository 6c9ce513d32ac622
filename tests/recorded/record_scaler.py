"""Records what scikit-learn's StandardScaler makes of a fixed input: /usr/bin/python3 record_scaler.py > scaler.json

The input is made by a formula (`value`) that the test computes too; every value is exact in a 32-bit float.
Needs Debian's python3-sklearn or any scikit-learn since 1.0.
"""
import json

import numpy as np
import sklearn
from sklearn.preprocessing import StandardScaler

CHANNELS, HEIGHT, WIDTH = 2, 2, 3
ROWS = 24


def value(row, slot, special):
    hard = {
        0: 0.1,                                # constant, and not exact in binary
        1: 1e8 + 8 * (row * 5 % 7),            # nearly constant: mean 1e8, neighbouring 32-bit floats
        2: 1e8,                                # constant and large
        3: 255.0 if row == 3 else 0.0,         # one outlier
        4: (row * 3 % 5) / 2**30,              # tiny
        5: 1 + (row % 2) / 2**23,              # 1 and the next 32-bit float
    }
    plain = (row * 31 + slot * 17 + row * row * slot) % 101 / 4 - 12
    return hard.get(slot, plain) if special else plain


def grouped(x, mode):
    """One column for each group of values that shares its mean and scale."""
    if mode == "PerFeature":
        return x
    if mode == "PerChannel":
        return x.reshape(len(x), CHANNELS, -1).transpose(0, 2, 1).reshape(-1, CHANNELS)
    return x.reshape(-1, 1)


def ungrouped(x, mode, rows):
    if mode == "PerChannel":
        x = x.reshape(rows, HEIGHT * WIDTH, CHANNELS).transpose(0, 2, 1)
    return x.reshape(rows, -1)


def case(mode, rows, dtype, special=True):
    slots = CHANNELS * HEIGHT * WIDTH
    x = np.array([[value(row, slot, special) for slot in range(slots)] for row in range(rows)], dtype=np.float32).astype(dtype)
    scaler = StandardScaler().fit(grouped(x, mode))
    scaled = ungrouped(scaler.transform(grouped(x, mode)), mode, rows)
    return {
        "mode": mode, "rows": rows, "dtype": np.dtype(dtype).name, "special": special,
        "means": [float(v) for v in scaler.mean_], "scales": [float(v) for v in scaler.scale_],
        "scaled": [[float(f"{v:.10g}") for v in row] for row in scaled],
    }


MODES = ("PerFeature", "PerChannel", "Global")
cases = [case(mode, rows, dtype) for mode in MODES for rows in (1, 2, ROWS) for dtype in (np.float64, np.float32)]
cases += [case(mode, ROWS, np.float64, special=False) for mode in MODES]
print(json.dumps({"scikit-learn": sklearn.__version__, "shape": [CHANNELS, HEIGHT, WIDTH], "cases": cases}).replace('{"mode"', '\n{"mode"'))
