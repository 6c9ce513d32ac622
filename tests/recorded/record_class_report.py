"""Writes class_report.json beside this file: what scikit-learn says of scores that follow a formula, which the test computes too.

Needs Debian's python3-sklearn or any scikit-learn since 1.1: /usr/bin/python3 tests/recorded/record_class_report.py
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import (accuracy_score, classification_report, confusion_matrix, f1_score, log_loss, precision_recall_fscore_support, recall_score,
                             top_k_accuracy_score)

BINS = 15
random = np.random.default_rng(5)


def scores(case):
    """Whole numbers divided by their sum, in 32-bit floats; `liked` has the more, the further down the row is of each four."""
    rows, classes = len(case["truth"]), case["classes"]
    r, c = np.arange(rows)[:, None], np.arange(classes)[None, :]
    values = 1 + (r * 31 + c * 17 + r * r * c) % case["modulus"]
    values += (c == np.array(case["liked"])[:, None]) * 4 * classes * (r % 4 + case["least"])
    return values.astype(np.float32) / values.sum(1, keepdims=True).astype(np.float32)


def case(name, classes, rows, truths=None, liked=None, right=0.8, modulus=7, least=0):
    truth = random.choice(truths or range(classes), rows)
    wrong = random.choice(liked or range(classes), rows)
    likes = np.where((random.random(rows) < right) & np.isin(truth, liked or range(classes)), truth, wrong)
    return {"name": name, "classes": classes, "modulus": modulus, "least": least, "truth": truth.tolist(), "liked": likes.tolist()}


def averages(report, kind):
    return [report[kind][key] for key in ("precision", "recall", "f1-score")]


def calibration(truth, predicted, p):
    right, confidence = truth == predicted, p.max(1).astype(np.float64)
    accuracy, mean = calibration_curve(right, confidence, n_bins=BINS)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence), minlength=BINS)
    gaps = np.abs(accuracy - mean)
    return {
        "rows": counts.tolist(), "accuracy": accuracy.tolist(), "mean": mean.tolist(),
        "expected": float((gaps * counts[counts > 0]).sum() / len(truth)), "maximum": float(gaps.max()),
    }


def bootstrap(truth, predicted, level=0.95, resamples=4000):
    """Percentiles over resampled rows."""
    classes = range(3)
    found = []
    for _ in range(resamples):
        rows = random.integers(0, len(truth), len(truth))
        t, p = truth[rows], predicted[rows]
        found.append([accuracy_score(t, p), f1_score(t, p, average="macro"), *recall_score(t, p, labels=classes, average=None)])
    return np.percentile(found, [50 * (1 - level), 50 * (1 + level)], axis=0).T.tolist()


def answers(case):
    labels = list(range(case["classes"]))
    truth, p = np.array(case["truth"]), scores(case)
    predicted = p.argmax(1)
    present = sorted(set(truth) | set(predicted))
    report = classification_report(truth, predicted, output_dict=True, zero_division=0)
    each = precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    counts = confusion_matrix(truth, predicted, labels=labels)
    pairs = [(-counts[t, q], t, q) for t, q in zip(*np.nonzero(counts)) if t != q]
    return {
        "accuracy": accuracy_score(truth, predicted),
        "precision": each[0].tolist(), "recall": each[1].tolist(), "f1": each[2].tolist(), "support": each[3].tolist(),
        "macro": averages(report, "macro avg"), "weighted": averages(report, "weighted avg"),
        "text": classification_report(truth, predicted, target_names=[f"c{i}" for i in present], digits=4, zero_division=0),
        "confusion": [[int(t), int(q), int(counts[t, q])] for t, q in zip(*np.nonzero(counts))],
        "confused": [[int(t), int(q), int(-count)] for count, t, q in sorted(pairs)[:10]],
        "top": {k: top_k_accuracy_score(truth, p.astype(np.float64), k=k, labels=labels) for k in (1, 2, 5) if len(labels) > 2},
        "logLoss": log_loss(truth, p.astype(np.float64), labels=labels, eps=1e-15),
        "calibration": calibration(truth, predicted, p),
    }


warnings.simplefilter("ignore")   # of k that is the number of classes
cases = [
    case("three classes", 3, 60), case("two classes", 2, 80), case("ties", 6, 100, modulus=2, right=0.3),
    case("a class never predicted", 4, 60, liked=[0, 1, 2], least=1), case("classes without rows", 5, 50, truths=[0, 1], liked=[0, 1, 2], right=0.5, least=1),
    case("one class", 3, 30, truths=[1], right=0.5), case("only one right class", 3, 12, truths=[2], right=1, least=1),
    case("1,000 classes", 1000, 300, right=0.5), case("for the bootstrap", 3, 400, right=0.7, least=1),
]
recorded = [{**case, **answers(case)} for case in cases]
last = recorded[-1]
last["bootstrap"] = bootstrap(np.array(last["truth"]), scores(last).argmax(1))
path = pathlib.Path(__file__).with_name("class_report.json")
lines = ",\n".join(json.dumps(case) for case in recorded)
path.write_text(f'{{"scikit-learn": "{sklearn.__version__}", "cases": [\n{lines}\n]}}\n')
