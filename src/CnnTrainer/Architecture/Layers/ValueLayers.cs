namespace CnnMlNet;

/// <content>Layers that keep the shape: activations, normalisations, dropout.</content>
public abstract partial record Layer
{
    /// <summary>The rectifier, max(0, x).</summary>
    public static Layer Relu() => new ActivationLayer { Function = ActivationFunction.Relu };

    /// <summary>The rectifier that lets a little through below 0 (Maas, Hannun and Ng 2013): x for x &gt; 0, slope * x otherwise.</summary>
    /// <param name="slope">Slope below 0; finite. Default 0.01.</param>
    /// <exception cref="ArgumentException">The slope is not finite.</exception>
    public static Layer LeakyRelu(double slope = 0.01) => new LeakyReluLayer { Slope = slope }.Checked();

    /// <summary>Exponential linear unit (Clevert, Unterthiner and Hochreiter 2016): x for x &gt; 0, alpha * (exp(x) - 1) otherwise.</summary>
    /// <param name="alpha">Minus the value for x far below 0; finite. Default 1.</param>
    /// <exception cref="ArgumentException">Alpha is not finite.</exception>
    public static Layer Elu(double alpha = 1) => new EluLayer { Alpha = alpha }.Checked();

    /// <summary>Gaussian error linear unit (Hendrycks and Gimpel 2016): x * P(X &lt;= x) for a standard normal X, computed exactly.</summary>
    public static Layer Gelu() => new ActivationLayer { Function = ActivationFunction.Gelu };

    /// <summary>Sigmoid linear unit, also called swish (Elfwing, Uchibe and Doya 2018): x / (1 + exp(-x)).</summary>
    public static Layer Silu() => new ActivationLayer { Function = ActivationFunction.Silu };

    /// <summary>Logistic sigmoid: 1 / (1 + exp(-x)).</summary>
    public static Layer Sigmoid() => new ActivationLayer { Function = ActivationFunction.Sigmoid };

    /// <summary>Hyperbolic tangent.</summary>
    public static Layer Tanh() => new ActivationLayer { Function = ActivationFunction.Tanh };

    /// <summary>
    /// Logarithm of the softmax over the channels of an image, for each pixel, or over the features of a flat input. A classifier needs none
    /// at its end: cross entropy includes it, so <see cref="Output"/> gives the values before it.
    /// </summary>
    public static Layer LogSoftmax() => new LogSoftmaxLayer();

    /// <summary>
    /// Batch normalisation (Ioffe and Szegedy 2015): per channel of an image, per feature of a flat input, with learned scale and shift.
    /// Uses the batch's statistics while training and the running ones while validating and scoring.
    /// </summary>
    /// <param name="momentum">Share of a batch in the running statistics; greater than 0, at most 1. Default 0.1, PyTorch's.</param>
    /// <param name="epsilon">Added to the variance; greater than 0, at most 1. Default 1e-5, PyTorch's.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer BatchNorm(double momentum = 0.1, double epsilon = 1e-5) => new BatchNormLayer { Momentum = momentum, Epsilon = epsilon }.Checked();

    /// <summary>
    /// Group normalisation (Wu and He 2018): each row by itself, the channels of a group together, with learned scale and shift per channel.
    /// The same while training and scoring, whatever the batch.
    /// </summary>
    /// <param name="groups">Number of groups; at least 1, divides the channels.</param>
    /// <param name="epsilon">Added to the variance; greater than 0, at most 1. Default 1e-5, PyTorch's.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static Layer GroupNorm(int groups, double epsilon = 1e-5) => new GroupNormLayer { Groups = groups, Epsilon = epsilon }.Checked();

    /// <summary>Zeroes each value with the given probability while training, and scales the others by 1 / (1 - probability); does nothing otherwise.</summary>
    /// <param name="probability">Probability of a zero; at least 0, less than 1. Default 0.5.</param>
    /// <exception cref="ArgumentException">The probability is out of its range.</exception>
    public static Layer Dropout(double probability = 0.5) => new DropoutLayer { Probability = probability }.Checked();

    /// <summary>As <see cref="Dropout"/>, but whole channels of an image at once (Tompson and others 2015).</summary>
    /// <param name="probability">Probability that a channel is zero; at least 0, less than 1. Default 0.5.</param>
    /// <exception cref="ArgumentException">The probability is out of its range.</exception>
    public static Layer Dropout2d(double probability = 0.5) => new Dropout2dLayer { Probability = probability }.Checked();
}
