using CnnMlNet.Data;
using CnnMlNet.Interop;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet;

/// <summary>
/// A trained network and what it needs to be used: architecture, image shape, classes, history. Never changes after training. Scoring
/// from several threads at once is safe; disposing while another thread scores is not.
/// </summary>
public sealed class CnnModel : IDisposable
{
    private readonly Device _device;
    private bool _disposed;

    /// <summary>Takes over the network and disposes it.</summary>
    internal CnnModel(Module<Tensor, Tensor> network, CnnArchitecture architecture, ImageShape imageShape, ClassLabels classes, TrainingHistory history, Device device)
    {
        (Network, Architecture, ImageShape, Classes, History, _device) = (network, architecture, imageShape, classes, history, device);
        network.eval();
    }

    /// <summary>The layers.</summary>
    public CnnArchitecture Architecture { get; }

    /// <summary>Shape of the images.</summary>
    public ImageShape ImageShape { get; }

    /// <summary>Names of the classes, in the order of the scores.</summary>
    public IReadOnlyList<string> ClassNames => Classes.Values;

    /// <summary>How the network was trained.</summary>
    public TrainingHistory History { get; }

    internal ClassLabels Classes { get; }

    internal Module<Tensor, Tensor> Network { get; }

    /// <summary>Class probabilities of some images.</summary>
    /// <param name="images">The images one after the other, in the order channel, row, column.</param>
    /// <param name="count">Number of images.</param>
    /// <returns>[count, classes], row by row.</returns>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal float[] Score(float[] images, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(CnnTransformer));
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var input = tensor(images, [count, ImageShape.Channels, ImageShape.Height, ImageShape.Width]).to(_device);
        return Network.call(MemoryLayout.ForNetwork(input)).softmax(1).cpu().data<float>().ToArray();
    }

    /// <summary>Parameters and buffers by name, in the network's order.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal IEnumerable<(string Name, Tensor Tensor)> Weights()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(CnnTransformer));
        return WeightsOf(Network);
    }

    internal static IEnumerable<(string Name, Tensor Tensor)> WeightsOf(Module<Tensor, Tensor> network) =>
        network.named_parameters().Select(pair => (pair.Item1, (Tensor)pair.Item2)).Concat(network.named_buffers());

    /// <summary>Makes a network whose weights outlive any dispose scope the caller has open.</summary>
    internal static Module<Tensor, Tensor> NewNetwork(CnnArchitecture architecture, ImageShape shape, int classes, Device device)
    {
        TorchRuntime.EnsureLoaded();
        var network = architecture.Build(shape, classes);
        MoveTo(network, device);
        return network;
    }

    /// <summary>Moves the weights to a device, out of any dispose scope.</summary>
    internal static void MoveTo(Module<Tensor, Tensor> network, Device device)
    {
        network.to(device);
        foreach (var (_, weight) in WeightsOf(network)) weight.DetachFromDisposeScope();
    }

    /// <summary>Frees the weights. Doing it again changes nothing.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Network.Dispose();
    }
}
