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
    /// <exception cref="InvalidOperationException">The factory failed, or gave null.</exception>
    internal static nn.Module<Tensor, Tensor> Make(string name, ActivationShape input)
    {
        if (!Factories.TryGetValue(name, out var factory))
        {
            throw new ArgumentException(
                $"No factory is registered under '{name}': call CnnModules.Register(\"{name}\", input => ...) before the model is made or loaded. " +
                $"Registered are: {(Factories.IsEmpty ? "none" : string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal)))}.");
        }

        try
        {
            if (factory(input) is { } module)
            {
                new Registrar().register_module("own", module);   // its fields, where its constructor did not
                return module;
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The factory '{name}' failed for an input {input}: {e.Message}", e);
        }

        throw new InvalidOperationException($"The factory '{name}' gave null instead of a module.");
    }

    /// <summary>What a module keeps and what it gives, found by sending two images of zeros through it.</summary>
    internal static (ActivationShape Output, IReadOnlyList<Weight> Weights) Probe(string name, ActivationShape input)
    {
        TorchRuntime.EnsureLoaded();
        using var work = TorchRuntime.Work();
        using var generator = TorchRuntime.BorrowGenerator();
        using var scope = NewDisposeScope();
        using var module = Make(name, input);
        module.eval();
        var weights = WeightsOf(module).Select(weight => Describe(weight.Name, weight.Tensor, weight.IsTrained)).ToList();
        return (OutputOf(module, input), weights);
    }

    private static ActivationShape OutputOf(nn.Module<Tensor, Tensor> module, ActivationShape input)
    {
        using var quiet = no_grad();
        var images = zeros(input.IsImage ? [2, input.Channels, input.Height, input.Width] : [2, input.Channels]);
        Tensor? output;
        try
        {
            output = module.call(images);
        }
        catch (Exception e)
        {
            throw new LayerMisfit($"its module failed on {OwnModule.Text(images.shape)}: {e.Message}", e);
        }

        if (output is null) throw new LayerMisfit("its module gives null");
        if (output.dtype != ScalarType.Float32) throw new LayerMisfit($"its module gives {output.dtype}; Float32 is needed");
        return output.shape switch
        {
            [2, var features] => ActivationShape.Flat(features),
            [2, var channels, var height, var width] => ActivationShape.Image(channels, height, width),
            var other => throw new LayerMisfit($"its module gives {OwnModule.Text(other)} for two images; [2, F] or [2, C, H, W] is needed"),
        };
    }

    /// <summary>A module's tensors, as <see cref="Layer.WeightsFor"/> lists them.</summary>
    internal static IEnumerable<(string Name, Tensor Tensor, bool IsTrained)> WeightsOf(nn.Module<Tensor, Tensor> module) =>
        module.named_parameters().Select(pair => (pair.Item1, (Tensor)pair.Item2, true)).Concat(module.named_buffers().Select(pair => (pair.Item1, pair.Item2, false)));

    private static Weight Describe(string name, Tensor tensor, bool isTrained) => tensor.dtype is ScalarType.Float32 or ScalarType.Int64
        ? new Weight(name, tensor.shape, FirstValues.Zeros, isTrained, tensor.dtype)
        : throw new LayerMisfit($"its weight '{name}' is {tensor.dtype}; Float32 and Int64 can be saved");

    /// <summary>TorchSharp registers a module's fields when it becomes part of another.</summary>
    private sealed class Registrar() : nn.Module<Tensor, Tensor>(nameof(Registrar))
    {
        public override Tensor forward(Tensor input) => input;
    }
}
