"""torchvision's ImageFolder and DataLoader: photographs decoded, resized and batched, by as many workers as threads. They live on between runs.

With a fourth argument the folder is filled first, with photographs made of those of that folder."""
import sys

from torch.utils.data import DataLoader
from torchvision import __version__
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Resize, ToTensor

import peer
import photographs

FOLDER, HEIGHT_AND_WIDTH = sys.argv[2], int(sys.argv[3])
BATCH = 64

if len(sys.argv) > 4:
    photographs.make(sys.argv[4], FOLDER)
images = ImageFolder(FOLDER, Compose([Resize((HEIGHT_AND_WIDTH, HEIGHT_AND_WIDTH)), ToTensor()]))
loader = DataLoader(images, batch_size=BATCH, num_workers=peer.THREADS, persistent_workers=True)


def read():
    assert sum(len(labels) for _, labels in loader) == len(images)


peer.serve(f"torchvision {__version__}, {peer.THREADS} workers", len(images), read)
