using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Benchmarks;

/// <summary>What one would write without the library: the network, Adam and an epoch of TorchSharp alone. All images are one tensor, channels last.</summary>
internal sealed class BareLoop : IDisposable
{
    private readonly BenchmarkModel _model;
    private readonly Tensor _images, _labels;
    private readonly List<Func<Tensor, Tensor>> _steps = [];
    private readonly List<Parameter> _parameters = [];
    private readonly BareAdam _adam;
    private readonly long[] _order;

    public BareLoop(BenchmarkModel model)
    {
        _model = model;
        using var scope = NewDisposeScope();
        var shape = model.Shape;
        _images = empty([model.Rows, shape.Height, shape.Width, shape.Channels]).uniform_(-1, 1).DetachFromDisposeScope();
        _order = [.. Enumerable.Range(0, model.Rows).Select(row => (long)row)];
        _labels = tensor([.. _order.Select(row => row % Vector.Classes)]).DetachFromDisposeScope();
        var x = _images.narrow(0, 0, 2).permute(0, 3, 1, 2);
        foreach (var layer in model.Architecture.Layers)
        {
            _steps.Add(Step(layer, x));
            x = _steps[^1](x);
        }

        _adam = new BareAdam(_parameters);
    }

    /// <summary>Trains once on all images, in an order that is new each time.</summary>
    /// <returns>Images per second.</returns>
    public double Epoch()
    {
        using var scope = NewDisposeScope();
        long began = Stopwatch.GetTimestamp();
        Random.Shared.Shuffle(_order);
        var order = tensor(_order);
        for (int first = 0; first < _order.Length; first += _model.BatchSize)
        {
            using var batch = NewDisposeScope();
            var rows = order.narrow(0, first, Math.Min(_model.BatchSize, _order.Length - first));
            var x = _images.index_select(0, rows).permute(0, 3, 1, 2);
            foreach (var step in _steps) x = step(x);
            functional.cross_entropy(x, _labels.index_select(0, rows)).backward();
            _adam.Step();
        }

        return _order.Length / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose()
    {
        _adam.Dispose();
        foreach (var parameter in _parameters) parameter.Dispose();
        _images.Dispose();
        _labels.Dispose();
    }

    /// <summary>A layer with weights of its own, for what comes in.</summary>
    private Func<Tensor, Tensor> Step(Layer layer, Tensor x)
    {
        switch (layer)
        {
            case ConvLayer conv:
                var (kernel, bias) = (Weight(x, conv.Channels, x.shape[1], conv.Kernel.Height, conv.Kernel.Width), conv.Bias ? Weight(x, conv.Channels) : null);
                var padding = new long[] { conv.Padding.Size.Height, conv.Padding.Size.Width };
                if (conv.Padding.IsSame) padding = [conv.Kernel.Height / 2, conv.Kernel.Width / 2];
                return input => functional.conv2d(input, kernel, bias, [1, 1], padding);
            case BatchNormLayer norm:
                var (scale, shift) = (Weight(x, x.shape[1]), Weight(x, x.shape[1]));
                var (mean, variance) = (zeros([x.shape[1]]).DetachFromDisposeScope(), ones([x.shape[1]]).DetachFromDisposeScope());
                return input => functional.batch_norm(input, mean, variance, scale, shift, true, norm.Momentum, norm.Epsilon);
            case MaxPoolLayer pool:
                return input => functional.max_pool2d(input, [pool.Kernel.Height, pool.Kernel.Width], [pool.Stride.Height, pool.Stride.Width]);
            case ActivationLayer { Function: ActivationFunction.Relu }:
                return input => input.relu();
            case FlattenLayer:
                return input => input.flatten(1);
            case LinearLayer or OutputLayer:
                int outputs = layer is LinearLayer linear ? linear.Outputs : Vector.Classes;
                var (matrix, offset) = (Weight(x, outputs, x.shape[1]), Weight(x, outputs));
                return input => functional.linear(input, matrix, offset);
            default:
                throw new NotSupportedException($"The bare loop has no {layer}.");
        }
    }

    private Parameter Weight(Tensor x, params long[] shape)
    {
        double limit = 1 / Math.Sqrt(x.shape[1] * (shape.Length == 4 ? shape[2] * shape[3] : 1));
        var weight = new Parameter(empty(shape).uniform_(-limit, limit));
        weight.DetachFromDisposeScope();
        _parameters.Add(weight);
        return weight;
    }
}
