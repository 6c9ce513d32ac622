#!/usr/bin/env bash
# Ours against plain PyTorch, in turn, on this machine's GPU: ./run.sh [cuda|cpu] [NETWORK ...]; all nine networks where none is named.
# Needs PyTorch (1.13 or later, as pip, conda or Debian install it), g++ and, for cuda, a GPU; neither .NET nor a network. Environment:
# PYTHON (python3), ROUNDS (3), THREADS (all processors), PRECISION (float32; bfloat16 or auto, ours alone).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3} rounds=${ROUNDS:-3} threads=${THREADS:-$(nproc)}
device=cuda
case ${1:-} in cuda | cpu) device=$1; shift ;; esac
[ $# -gt 0 ] || set -- uw-mnist neu-mnist atzberger-mnist atzberger-cifar dinh-conv7-fashion dinh-mlp-fashion dinh-mlp-cifar vgg16-cifar resnet9-cifar
export OPENBLAS_NUM_THREADS=1   # the peer's best setting with OpenBLAS, and ours

fail() { echo "run.sh: $*" >&2; exit 1; }

[ "$(uname -sm)" = "$(cat "$here/machine")" ] || fail "this folder was made for $(cat "$here/machine"), not for $(uname -sm)."
command -v g++ >/dev/null || fail "g++ is missing."
torch=$("$python" -c 'import torch; print(torch.__path__[0])') || fail "'$python' cannot import torch; PYTHON=... names another interpreter."
[ -e "$torch/include/ATen/ATen.h" ] && [ -e "$torch/lib/libtorch_cpu.so" ] ||
    fail "the PyTorch in $torch has no headers or libraries to build against (Debian has them in libtorch-dev)."

# Headers of LibTorch 2.14 ask for C++20; pip's wheels before 2.7 have std::string as it was before C++11: compat/native/CMakeLists.txt finds out the same way.
with_compiler() {
    local lib=$torch/lib standard=c++17 strings=0 cuda=()
    ! grep -q 'C++20' "$torch/include/ATen/ATen.h" || standard=c++20
    ! LC_ALL=C grep -aqE '_ZN3c10[A-Za-z0-9_]*NSt7__cxx11' "$lib/libc10.so" || strings=1
    [ ! -e "$lib/libtorch_cuda.so" ] || cuda=(-Wl,--no-as-needed "$lib/libtorch_cuda.so" -Wl,--as-needed)
    mkdir -p "$here/build"
    g++ -O2 -std=$standard -D_GLIBCXX_USE_CXX11_ABI=$strings -fPIC -shared -fvisibility=hidden -isystem "$torch/include" "$here/native/shim.cpp" \
        -o "$here/build/libtorchshim.so" "$lib/libtorch_cpu.so" "$lib/libc10.so" "${cuda[@]}" "-Wl,-rpath,$lib"
}

with_cmake() { cmake -S "$here/native" -B "$here/build" "-DCMAKE_PREFIX_PATH=$torch" && cmake --build "$here/build"; }

echo "Building the shim against $torch"
rm -rf "$here/build"
{ command -v cmake >/dev/null && with_cmake >"$here/build.log" 2>&1; } || with_compiler || fail "the shim does not build; cmake's output, where there is cmake, is in $here/build.log."
cp "$here/build/libtorchshim.so" "$here/benchmark/"

"$python" - "$device" "$threads" <<'PYTHON' || fail "PyTorch sees no GPU; './run.sh cpu' runs without one."
import sys
import torch
device, threads = sys.argv[1:]
if device == "cuda" and not torch.cuda.is_available():
    sys.exit(1)
print(f"PyTorch {torch.__version__}, " + (f"CUDA {torch.version.cuda}, {torch.cuda.get_device_name()}" if device == "cuda" else "CPU") + f", {threads} threads")
PYTHON

# Ours finds CUDA's libraries and the C++ library where Python's PyTorch found them: pip and conda keep their own.
libraries=$("$python" - <<'PYTHON'
import os
import torch
torch.cuda.is_available()   # loads what is loaded late
loaded = {os.path.dirname(line.split(maxsplit=5)[-1].strip()) for line in open("/proc/self/maps") if ".so" in line}
own = [folder for folder in sorted(loaded) if "/python" in folder or not folder.startswith(("/lib", "/usr/lib"))]
print(":".join(filter(None, own + os.environ.get("LD_LIBRARY_PATH", "").split(":"))))
PYTHON
)

ours() { LD_LIBRARY_PATH=$libraries "$here/dotnet/dotnet" "$here/benchmark/Benchmarks.dll" --model "$1" --precision "${PRECISION:-float32}" --threads "$threads" --device "$device"; }
peer() { "$python" "$here/peer_models.py" "$threads" "$1" "$device"; }

# Reads lines 'ours|peer NAME train N img/s infer N img/s one N ms'; prints the ratios of their medians, above 1 where ours is ahead.
ratios() {
    "$python" -c '
import re, statistics, sys
lines = sys.stdin.read()
def medians(who):
    return [statistics.median(map(float, column)) for column in zip(*re.findall(rf"^{who} .* train (\S+) img/s infer (\S+) img/s one (\S+) ms$", lines, re.M))]
(train, infer, one), (peer_train, peer_infer, peer_one) = medians("ours"), medians("peer")
print(f"ratio {lines.split()[1]} train {train / peer_train:.2f} infer {infer / peer_infer:.2f} one {peer_one / one:.2f}\n", flush=True)'
}

for name in "$@"; do
    lines=
    for ((round = 0; round < rounds; round++)); do
        for who in ours peer; do
            line=$($who "$name") || fail "$who failed on $name."
            echo "$who $line"
            lines+="$who $line"$'\n'
        done
    done
    printf %s "$lines" | ratios
done
