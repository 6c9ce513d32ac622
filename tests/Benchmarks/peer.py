"""What the peers share: S1's network, and the talk with the benchmark program."""
import sys
import time

THREADS = int(sys.argv[1])


def network():
    from torch import nn
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1568, 10))


def serve(name, units, run):
    """Warms up, prints the name, then runs once for each line and prints units per second."""
    run()
    print(name, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print(units / (time.perf_counter() - start), flush=True)
