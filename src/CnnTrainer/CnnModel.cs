using CnnMlNet.Interop;
using CnnMlNet.Persistence.Format;
using CnnMlNet.Persistence;
using CnnMlNet.Scoring;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace CnnMlNet;

/// <summary>
/// A trained network and what it needs to be used: architecture, image shape, classes, history. Never changes after training. Scoring
/// from several threads at once is safe; disposing while another thread scores is not.
/// </summary>
public sealed class CnnModel : IDisposable
{
    private readonly SharedNetwork _network;
    private readonly string? _reason;
    private bool _disposed;

    /// <summary>Takes over the network and disposes it.</summary>
    /// <param name="content">What it is beside the weights.</param>
    /// <param name="network">The weights.</param>
    /// <param name="channel">Is told what was chosen.</param>
    internal CnnModel(ModelContent content, Network network, IChannel? channel = null) : this(content, new SharedNetwork(network), isNew: true)
    {
        if (_reason is not null) channel?.Info(MessageSensitivity.None, _reason);
    }

    private CnnModel(ModelContent content, SharedNetwork network, bool isNew)
    {
        (Content, _network) = (content, network);
        using var work = TorchRuntime.Work();
        if (isNew) network.Network.eval();
        if (isNew) network.Network.Settle();
        Scoring = new ScoringModel(network.Network, content.Format, content.Transform, content.Head, content.Scoring, CheckAlive);
        if (content.Scoring.Precision != Precision.Full) network.Network.SettleInBFloat16();
        if (content.Scoring.Precision == Precision.Automatic) (Scoring, _reason) = ScoringPrecisionChoice.Measure(Scoring);
    }

    /// <summary>The layers.</summary>
    public CnnArchitecture Architecture => Content.Architecture;

    /// <summary>Shape of the images.</summary>
    public ImageShape ImageShape => Content.Format.Shape;

    /// <summary>Names of the classes, in the order of the scores; False and True for a binary classifier; none for regression.</summary>
    public IReadOnlyList<string> ClassNames => Content.Head.ClassNames;

    /// <summary>Whether <see cref="History"/> is there: not in a model whose file has none, or one of a newer version.</summary>
    public bool HasHistory => Content.History is not null;

    /// <summary>How the network was trained.</summary>
    /// <exception cref="InvalidOperationException">There is none (see <see cref="HasHistory"/>).</exception>
    public TrainingHistory History => Content.History ?? throw new InvalidOperationException(
        "The file that this model was read from has no training history, or one of a newer CnnMlNet. Ask HasHistory first.");

    /// <summary>The paths of all weights, in the order of the layers: <c>0.weight</c>, <c>0.bias</c>, <c>1.running_mean</c>.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<string> WeightPaths
    {
        get
        {
            CheckAlive();
            return [.. Network.Weights.Keys];
        }
    }

    internal ModelContent Content { get; }

    internal Network Network => _network.Network;

    internal ScoringModel Scoring { get; }

    /// <summary>A copy of weights of the network.</summary>
    /// <param name="path">One of <see cref="WeightPaths"/>.</param>
    /// <exception cref="ArgumentException">There are no weights with the path; the message lists those there are.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public CnnWeights GetWeights(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckAlive();
        if (!Network.Weights.TryGetValue(path, out var weights))
            throw new ArgumentException($"No weights have the path '{path}'. There are: {string.Join(", ", Network.Weights.Keys)}.", nameof(path));
        using var work = TorchRuntime.Work();
        using var scope = torch.NewDisposeScope();
        var values = weights.detach().to(torch.ScalarType.Float32).cpu().contiguous().data<float>();
        return new CnnWeights { Path = path, Shape = weights.shape, Values = values.ToArray() };
    }

    /// <summary>
    /// Frees the weights, once all models that share them are disposed (see <see cref="CnnTransformer.With"/>). Doing it again changes nothing.
    /// </summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _network.Release();
    }

    /// <summary>The layers, a line each, and what goes in and comes out.</summary>
    public override string ToString()
    {
        var outputs = ClassNames.Count == 0
            ? $"{Content.Head.Outputs} {(Content.Head.Outputs == 1 ? "output" : "outputs")}"
            : $"{ClassNames.Count} classes: {string.Join(", ", ClassNames.Take(20))}{(ClassNames.Count > 20 ? ", ..." : "")}";
        return string.Join(Environment.NewLine, $"Images of {ImageShape}, {outputs}", Architecture);
    }

    /// <summary>A model of the same network that scores otherwise. Each of the two is disposed by its owner.</summary>
    /// <exception cref="ArgumentException">It cannot; the message lists why.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal CnnModel With(ScoringOptions scoring)
    {
        Check(scoring);
        var shared = _network.Share();
        try
        {
            return new CnnModel(Content with { Scoring = scoring }, shared, isNew: false);
        }
        catch
        {
            shared.Release();   // a user's module failed when it was timed
            throw;
        }
    }

    /// <exception cref="ArgumentException">The model cannot score so; the message lists why.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal void Check(ScoringOptions scoring)
    {
        CheckAlive();
        var errors = (Content with { Scoring = scoring }).ScoringErrors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException("The model cannot score so:" + string.Concat(errors.Select(error => Environment.NewLine + "- " + error)));
    }

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal void CheckAlive() => ObjectDisposedException.ThrowIf(_disposed, typeof(CnnTransformer));

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal void Save(BinaryWriter writer)
    {
        CheckAlive();
        using var work = TorchRuntime.Work();
        ModelFile.Write(writer, Content, Network);
    }
}
