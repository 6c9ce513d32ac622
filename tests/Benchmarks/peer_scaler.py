"""scikit-learn's StandardScaler on 10,000 x 784 32-bit floats in memory."""
import numpy as np
import sklearn
from sklearn.preprocessing import StandardScaler

import peer

ROWS = 10_000

features = np.random.default_rng(1).uniform(-1, 1, (ROWS, 784)).astype(np.float32)
peer.serve(f"scikit-learn {sklearn.__version__}", ROWS, lambda: StandardScaler().fit_transform(features))
