# make demo    trains, judges, saves and reloads a network on Fashion-MNIST: the example s2      (DATA=DIR uses local files)
# make s1 ...  runs an example, s1 to s7; see examples/README.md                               (DATA=DIR; ARGS="--seed 7" for the rest)
# make test    builds everything and runs every test                                           (DATA=DIR, or ../shared/data where it is there)
# make bench-cuda  makes artifacts/bench-cuda: benchmarks for a Linux machine with PyTorch, g++ and a GPU; neither .NET nor a network is needed there
# make bench   measures everything against PyTorch, about 40 minutes, and writes docs/benchmarks.md  (NAMES="uw-mnist neu-mnist" runs some and writes nothing; ROUNDS=1)
# make setup   decides once where ML.NET and TorchSharp come from; the others call it

DATA ?= $(or $(CNN_DATA),$(wildcard ../shared/data))
SYSTEMS = s1 s2 s3 s4 s5 s6 s7

.PHONY: demo $(SYSTEMS) test bench bench-cuda setup clean

demo: s2

$(SYSTEMS): setup
	@dotnet build examples/Examples.csproj -c Release --nologo -v quiet
	@dotnet run -c Release --no-build --project examples -- $@ $(if $(DATA),--data "$(DATA)") $(ARGS)

# One test process at a time: LibTorch's threads want the processor for themselves.
test: setup
	dotnet build CnnMlNet.sln -c Release --nologo -v quiet
	CNN_DATA="$(if $(DATA),$(abspath $(DATA)))" dotnet test CnnMlNet.sln -c Release --no-build --nologo -m:1

bench-cuda: setup
	@dotnet build tests/Benchmarks -c Release --nologo -v quiet
	@tests/Benchmarks/cuda/make-folder artifacts/bench-cuda

# The peer is Debian's python3-torch on the same LibTorch (PYTHON names another); the machine should be quiet.
bench: setup
	dotnet build tests/Benchmarks -c Release --nologo -v quiet
	dotnet run -c Release --no-build --project tests/Benchmarks -- models --rounds $(or $(ROUNDS),3) $(if $(NAMES),$(NAMES),--out docs/benchmarks.md)

setup:
	@if [ -x compat/setup ]; then compat/setup; fi

clean:
	dotnet clean CnnMlNet.sln -c Release --nologo -v quiet
