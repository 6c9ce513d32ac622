"""What a processor can do for a network: its convolutions and matrices alone, float32, each in the layout in which LibTorch is fastest.

python3 peer_ceilings.py THREADS NAME

Prints lines 'key number': train and infer in images per second, train_gflops and infer_gflops in 10^9 floating-point operations per second
(a multiplication and an addition are two). Convolutions are tried as NCHW and channels last; linear layers as matrices with one BLAS thread
and with all, and as convolutions of kernel 1 over the batch. The first layer needs no gradient of its input. With a third argument, a line
for each layer goes to standard error.
"""
import ctypes
import sys
import time

import torch
from torch import nn

from peer_models import MODELS

THREADS = int(sys.argv[1])
SCORED_BATCHES = 128, 512
SECONDS, ROUNDS, ENOUGH = 0.03, 4, 1   # of a round at least, how many, and seconds after which no other begins; the best round counts


def blas_threads():
    """What sets the threads of OpenBLAS: it reads its variable once, when it is loaded."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    for path in paths:
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_set_num_threads"):
            return library.openblas_set_num_threads
    return lambda threads: None


set_blas_threads = blas_threads()


def seconds(work):
    work()
    best, began = float("inf"), time.perf_counter()
    for round in range(ROUNDS):
        calls, start = 0, time.perf_counter()
        if round > 0 and start - began > ENOUGH:
            break
        while calls == 0 or time.perf_counter() - start < SECONDS:
            work()
            calls += 1
        best = min(best, (time.perf_counter() - start) / calls)
    return best


def backward(gradient, x, weight, bias, layer, first):
    convolution = torch.ops.aten.convolution_backward
    size = [len(weight)] if bias is not None else None
    arguments = (gradient, x, weight, size, layer.stride, layer.padding, layer.dilation, False, [0, 0], layer.groups)
    return lambda: convolution(*arguments, [not first, True, bias is not None])


def convolution(layer, shape, first, trains):
    """Seconds forward and backward."""
    times = []
    for layout in torch.contiguous_format, torch.channels_last:
        x = torch.rand(shape).contiguous(memory_format=layout)
        weight, bias = layer.weight.detach().contiguous(memory_format=layout), layer.bias
        if layout == torch.channels_last and shape[1] == 1:   # with one channel both layouts are the same bytes: the strides say which it is
            x = torch.rand(shape[0], shape[2], shape[3], 1).permute(0, 3, 1, 2)
        forward = lambda: torch.conv2d(x, weight, bias, layer.stride, layer.padding, layer.dilation, layer.groups)
        gradient = torch.rand_like(forward())
        times.append((seconds(forward), seconds(backward(gradient, x, weight, bias, layer, first)) if trains else 0))
    return [min(column) for column in zip(*times)]


def linear(layer, shape, first, trains):
    """Seconds forward and backward."""
    x, weight, bias = torch.rand(shape), layer.weight.detach(), layer.bias.detach()
    gradient = torch.rand(shape[0], len(weight))

    def matrices():
        if not first:
            gradient @ weight
        gradient.t() @ x
        gradient.sum(0)

    times = []
    for threads in {1, THREADS}:
        set_blas_threads(threads)
        times.append((seconds(lambda: nn.functional.linear(x, weight, bias)), seconds(matrices) if trains else 0))
    set_blas_threads(1)

    twin = nn.Conv2d(shape[1], len(weight), 1)
    wide = lambda rows: rows.view(1, 1, *rows.shape).permute(0, 3, 1, 2)
    x, kernel, gradient = wide(x), weight.view(*weight.shape, 1, 1), wide(gradient)
    times.append((seconds(lambda: torch.conv2d(x, kernel, bias)), seconds(backward(gradient, x, kernel, bias, twin, first)) if trains else 0))
    return [min(column) for column in zip(*times)]


def operations(layer, shape, output):
    """Floating-point operations forward."""
    return 2 * layer.weight.numel() * shape[0] * (output[2] * output[3] if isinstance(layer, nn.Conv2d) else 1)


def layers(network, shape):
    """The layers that multiply, in order, with the shapes of their inputs and outputs."""
    found = []
    watched = [module for module in network.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    hooks = [module.register_forward_hook(lambda layer, x, y: found.append((layer, tuple(x[0].shape), tuple(y.shape)))) for module in watched]
    network(torch.rand(shape))
    for hook in hooks:
        hook.remove()
    return found


def measure(network, shape, trains, verbose):
    """Seconds of a step and its floating-point operations."""
    total, work, known = 0, 0, {}
    for index, (layer, before, after) in enumerate(layers(network, shape)):
        first = index == 0
        key = first, before, tuple(layer.weight.shape), str(getattr(layer, "stride", ""))
        if key not in known:
            known[key] = (convolution if isinstance(layer, nn.Conv2d) else linear)(layer, before, first, trains)
        done = operations(layer, before, after) * ((2 if first else 3) if trains else 1)
        total, work = total + sum(known[key]), work + done
        if verbose:
            print(f"{list(before)} {layer}: {known[key][0] * 1e3:.2f} ms, back {known[key][1] * 1e3:.2f} ms, {done / sum(known[key]) / 1e9:.0f} GFLOP/s", file=sys.stderr)
    return total, work


def main():
    torch.set_num_threads(THREADS)
    shape, batch, _, make = MODELS[sys.argv[2]]
    verbose = len(sys.argv) > 3
    with torch.no_grad():
        network = make().eval()
        step, work = measure(network, (batch, *shape), True, verbose)
        print(f"train {batch / step:.0f}\ntrain_gflops {work / step / 1e9:.1f}")
        scored = [(rows, *measure(network, (rows, *shape), False, False)) for rows in SCORED_BATCHES]
        rows, step, work = max(scored, key=lambda one: one[0] / one[1])
        print(f"infer {rows / step:.0f}\ninfer_gflops {work / step / 1e9:.1f}")


if __name__ == "__main__":
    main()
