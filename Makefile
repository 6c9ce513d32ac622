# make demo    trains, judges, saves and reloads a network on Fashion-MNIST   (DATA=DIR uses local files)
# make test    builds everything and runs every test                          (DATA=DIR, or ../shared/data where it is there)
# make setup   decides once where ML.NET and TorchSharp come from; the other two call it

DATA ?= $(or $(CNN_DATA),$(wildcard ../shared/data))

.PHONY: demo test setup clean

demo: setup
	@dotnet build examples/FashionMnist -c Release --nologo -v quiet
	@dotnet run -c Release --no-build --project examples/FashionMnist -- $(if $(DATA),--data "$(DATA)")

# One test process at a time: LibTorch's threads want the processor for themselves.
test: setup
	dotnet build CnnMlNet.sln -c Release --nologo -v quiet
	CNN_DATA="$(if $(DATA),$(abspath $(DATA)))" dotnet test CnnMlNet.sln -c Release --no-build --nologo -m:1

setup:
	@if [ -x compat/setup ]; then compat/setup; fi

clean:
	dotnet clean CnnMlNet.sln -c Release --nologo -v quiet
