using System.Collections.Concurrent;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet;

/// <summary>
/// Factories of TorchSharp modules that serve as layers (<see cref="Layer.Module"/>). A model keeps the factory's name and the module's
/// weights, never its code: a program that loads it registers the same factory first. Thread safe.
/// </summary>
public static class CnnModules
{
    private static readonly ConcurrentDictionary<string, Func<ActivationShape, nn.Module<Tensor, Tensor>>> Factories = new(StringComparer.Ordinal);

    /// <summary>Registers a factory for the whole process; a name registered again stands for the newer factory.</summary>
    /// <param name="name">The name that models keep.</param>
    /// <param name="factory">
    /// Makes the module for an input of the given shape, on the CPU in float32. Called anew for every network, and to find out what the module
    /// gives: its forward must take [N, ...] for any N and depend on nothing but its input and weights. The library disposes what it makes.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static void Register(string name, Func<ActivationShape, nn.Module<Tensor, Tensor>> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        Factories[name] = factory;
    }

    /// <summary>Makes a module. Its first weights come from LibTorch's generator: the caller borrows that.</summary>
    /// <exception cref="ArgumentException">No factory has the name.</exception>
    /// <exception cref="InvalidOperationException">The factory gave null.</exception>
    internal static nn.Module<Tensor, Tensor> Make(string name, ActivationShape input)
    {
        if (!Factories.TryGetValue(name, out var factory))
        {
            throw new ArgumentException(
                $"No factory is registered under '{name}': call CnnModules.Register(\"{name}\", input => ...) before the model is made or loaded. " +
                $"Registered are: {(Factories.IsEmpty ? "none" : string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal)))}.");
        }

        return factory(input) ?? throw new InvalidOperationException($"The factory '{name}' gave null instead of a module.");
    }

    /// <summary>What a module keeps and what it gives, found by sending one image of zeros through it.</summary>
    internal static (ActivationShape Output, IReadOnlyList<Weight> Weights) Probe(string name, ActivationShape input)
    {
        TorchRuntime.EnsureLoaded();
        using var generator = TorchRuntime.BorrowGenerator();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var module = Make(name, input);
        module.eval();
        long[] shape = input.IsImage ? [1, input.Channels, input.Height, input.Width] : [1, input.Channels];
        var output = module.call(zeros(shape)).shape switch
        {
            [1, var features] => ActivationShape.Flat(features),
            [1, var channels, var height, var width] => ActivationShape.Image(channels, height, width),
            var other => throw new LayerMisfit($"its module gives [{string.Join(", ", other)}] for one image; [1, F] or [1, C, H, W] is needed"),
        };
        return (output, WeightsOf(module).Select(weight => Describe(weight.Name, weight.Tensor, weight.IsTrained)).ToList());
    }

    /// <summary>A module's tensors, as <see cref="Layer.WeightsFor"/> lists them.</summary>
    internal static IEnumerable<(string Name, Tensor Tensor, bool IsTrained)> WeightsOf(nn.Module<Tensor, Tensor> module) =>
        module.named_parameters().Select(pair => (pair.Item1, (Tensor)pair.Item2, true)).Concat(module.named_buffers().Select(pair => (pair.Item1, pair.Item2, false)));

    private static Weight Describe(string name, Tensor tensor, bool isTrained) => tensor.dtype is ScalarType.Float32 or ScalarType.Int64
        ? new Weight(name, tensor.shape, Initializer.Zeros, isTrained, tensor.dtype)
        : throw new LayerMisfit($"its weight '{name}' is {tensor.dtype}; Float32 and Int64 can be saved");
}
