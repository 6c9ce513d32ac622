"""S1's network trained by a plain PyTorch loop: 4,000 images in memory, 3 epochs, batches of 100, Adam."""
import torch
from torch.nn import functional

import peer

ROWS, EPOCHS, BATCH = 4000, 3, 100

torch.set_num_threads(peer.THREADS)
images = torch.rand(ROWS, 1, 28, 28) * 2 - 1
labels = torch.arange(ROWS) % 10


def train():
    network = peer.network()
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(EPOCHS):
        total = 0.0
        for rows in torch.randperm(ROWS).split(BATCH):
            optimizer.zero_grad()
            loss = functional.cross_entropy(network(images[rows]), labels[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)


peer.serve(f"plain PyTorch {torch.__version__}", ROWS * EPOCHS, train)
