using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnMlNet.Tests;

/// <summary>Modules as users write them.</summary>
internal static class OwnNetworks
{
    /// <summary>Convolution, batch normalisation and dropout, all TorchSharp's own.</summary>
    public sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;
        private readonly BatchNorm2d norm;
        private readonly Dropout dropout;

        public Block(long channels, bool register = true) : base(nameof(Block))
        {
            conv = Conv2d(channels, 4, 3, padding: 1);
            norm = BatchNorm2d(4);
            dropout = Dropout(0.25);
            if (register) RegisterComponents();
        }

        public override Tensor forward(Tensor input) => dropout.call(norm.call(conv.call(input)).relu());
    }

    /// <summary>Adds noise from LibTorch's generator, in eval mode too.</summary>
    public sealed class Draws() : Module<Tensor, Tensor>(nameof(Draws))
    {
        public override Tensor forward(Tensor input) => input.add(rand(1), Ones);
    }

    /// <summary>Notes how many rows come in each call, in which mode.</summary>
    public sealed class Counts(Action<int, bool> seen) : Module<Tensor, Tensor>(nameof(Counts))
    {
        public override Tensor forward(Tensor input)
        {
            seen((int)input.shape[0], training);
            return input;
        }
    }

    /// <summary>Does what it is told, with a weight of its own.</summary>
    public sealed class Does : Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _forward;

        public Does(Func<Tensor, Tensor> forward, ScalarType type = ScalarType.Float32) : base(nameof(Does))
        {
            _forward = forward;
            register_parameter("scale", new Parameter(ones([1], type)));
        }

        public override Tensor forward(Tensor input) => _forward(input);
    }

    private static Scalar Ones { get; } = 1f;
}
