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

ours() { "$here/dotnet/dotnet" "$here/benchmark/Benchmarks.dll" --model "$1" --precision "${PRECISION:-float32}" --threads "$threads" --device "$device"; }
peer() { "$python" "$here/peer_models.py" "$threads" "$1" "$device"; }

# The medians of lines 'ours|peer NAME train N img/s infer N img/s one N ms' and their ratios, above 1 where ours is ahead.
ratios() {
    awk '
        function median(who, what,    n, i, j, v, t) {
            n = count[who]
            for (i = 1; i <= n; i++) v[i] = value[who, what, i]
            for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
            return v[int(n / 2) + 1]
        }
        { n = ++count[$1]; name = $2; value[$1, "train", n] = $4 + 0; value[$1, "infer", n] = $7 + 0; value[$1, "one", n] = $10 + 0 }
        END {
            printf "ratio %s train %.2f infer %.2f one %.2f\n\n", name, median("ours", "train") / median("peer", "train"),
                median("ours", "infer") / median("peer", "infer"), median("peer", "one") / median("ours", "one")
        }'
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
