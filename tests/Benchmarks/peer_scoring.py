"""S1's network scoring 10,000 images in memory, in batches of 128."""
import torch

import peer

ROWS, BATCH = 10_000, 128

torch.set_num_threads(peer.THREADS)
images = torch.rand(ROWS, 1, 28, 28) * 2 - 1
network = peer.network().eval()


def score():
    with torch.no_grad():
        torch.cat([network(batch).softmax(1) for batch in images.split(BATCH)])


peer.serve(f"plain PyTorch {torch.__version__}", ROWS, score)
