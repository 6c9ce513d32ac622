using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Training;

/// <summary>Whatever valid options stand together: training gives the same bits again, resumed or not, its model comes back from a file, and nothing is left.</summary>
[TestClass]
public sealed class RandomOptionsTests : IDisposable
{
    private static readonly string[] Columns = ["Logits", "Embedding", "Probabilities", "TopProbabilities", "Score", "Probability"];

    private readonly MLContext _ml = Some.Context();
    private readonly TempFolder _folder = new();

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public bool Yes { get; set; }

        public float Number { get; set; }

        public float[] Both { get; set; } = [];

        public float Weight { get; set; }
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Fit_RandomOptions_GivesTheSameModelAgainAndLeavesNothing() => Try(seed: 1, count: 60);

    private void Try(int seed, int count)
    {
        var data = Data();
        for (int i = 0; i < count; i++)
        {
            var random = new Random(1000 * seed + i);
            var options = Draw(random);
            var text = $"seed {1000 * seed + i}: {options}";
            int outputs = options.Head is MulticlassHead ? 3 : options.LabelColumnName == "Both" ? 2 : 1;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            long miscounted = LeakTests.Miscounted(options.Architecture, outputs), before = Tensor.TotalCount;
            int networks;
            try
            {
                networks = Check(options, data, random, text);
            }
            catch (Exception e) when (e is not AssertFailedException)
            {
                throw new AssertFailedException(text, e);
            }

            Assert.AreEqual(before + networks * miscounted, Tensor.TotalCount, text);
        }
    }

    /// <summary>Trains in several ways.</summary>
    /// <returns>How many networks were made.</returns>
    private int Check(CnnTrainerOptions options, IDataView data, Random random, string text)
    {
        using var model = new CnnTrainer(_ml, options).Fit(data);
        var (history, scores) = (model.Model.History, Scores(model, data));
        Assert.IsTrue(scores.All(float.IsFinite), text);
        using (var again = new CnnTrainer(_ml, options).Fit(data)) AssertSame(again);
        using (var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model))) AssertSame(loaded);
        using var json = JsonDocument.Parse(history.ToJson());
        Assert.AreEqual(history.Epochs.Count, json.RootElement.GetProperty("epochs").GetArrayLength(), text);
        Assert.AreEqual(history.Epochs.Count + 1, history.ToCsv().Count(c => c == '\n'), text);
        Assert.IsTrue(history.Epochs.All(epoch => epoch.ImagesPerSecond > 0), text);

        int batches = history.BatchLosses.Count, stop = random.Next(1, batches + 1), done = 0;
        var checkpoints = options with { Checkpoints = Checkpoints.In(_folder.File(Path.GetRandomFileName()), everyEpochs: random.Next(1, 3), every: TimeSpan.FromTicks(1)) };
        Assert.ThrowsExactly<FormatException>(() => new CnnTrainer(_ml, checkpoints with { ReportEvery = 1, OnBatchEnd = _ => Throw(++done == stop) }).Fit(data));
        using (var resumed = new CnnTrainer(_ml, checkpoints).Fit(data)) AssertSame(resumed);
        return 5;

        void AssertSame(CnnTransformer other)
        {
            CollectionAssert.AreEqual(scores, Scores(other, data), text);
            Assert.AreEqual(history, other.Model.History, text);
        }
    }

    private static float[] Scores(CnnTransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        return [.. Columns.Where(name => scored.Schema.GetColumnOrNull(name) is not null).SelectMany(name =>
            scored.Schema[name].Type is VectorDataViewType ? Some.FlatScores(scored, name) : scored.GetColumn<float>(name))];
    }

    private IDataView Data()
    {
        var definition = Some.Definition<Row>();
        definition["Both"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var random = new Random(3);
        return Some.WithKeys(_ml, _ml.Data.LoadFromEnumerable(Some.Rows(40).Select((row, i) => new Row
        {
            Features = row.Features, Label = row.Label, Yes = row.Label == "c1", Number = 100 + 10 * (row.Label[1] - '0'),
            Both = [row.Features[0], -row.Features[63]], Weight = i % 7 == 0 ? 0 : random.NextSingle(),
        }).ToList(), definition));
    }

    private static CnnTrainerOptions Draw(Random random)
    {
        var head = One(random, Head.Multiclass(), Head.Binary(), Head.Regression(), Head.Regression(standardize: false));
        bool classes = head is not RegressionHead, validates = random.Next(2) == 0;
        var optimizer = AnOptimizer(random);
        return Some.Options with
        {
            Head = head,
            LabelColumnName = head is MulticlassHead ? "Label" : classes ? "Yes" : One(random, "Number", "Both"),
            Architecture = One(random, Some.Network, Some.AllLayers),
            Epochs = random.Next(1, 4),
            BatchSize = One(random, 5, 8, 16, 30),
            DropLastBatch = random.Next(3) == 0,
            AccumulateBatches = One(random, 1, 1, 2, 3, int.MaxValue),
            Shuffle = random.Next(4) > 0,
            ReportEvery = random.Next(1, 4),
            ValidationFraction = validates ? 0.25 : 0,
            EarlyStopping = validates ? Maybe(random, classes && random.Next(2) == 0 ? EarlyStopping.OnAccuracy(1, 0.01, random.Next(2) == 0) : EarlyStopping.OnLoss(1, restoreBest: random.Next(2) == 0)) : null,
            WeightAveraging = Maybe(random, WeightAveraging.Exponential(0.9)),
            ExampleWeightColumnName = Maybe(random, "Weight"),
            Loss = Maybe(random, ALoss(random, head)),
            Augmentation = Maybe(random, AnAugmentation(random)),
            PixelScaling = Maybe(random, PixelScaling.Standard()),
            GradientClipping = Maybe(random, random.Next(2) == 0 ? GradientClipping.ByNorm(1) : GradientClipping.ByValue(0.1)),
            Optimizer = optimizer,
            Schedule = ASchedule(random, optimizer),
            Frozen = random.Next(3) == 0 ? ["0"] : [],
            ExtraColumns = [ExtraColumn.Logits(), ExtraColumn.Embedding(), .. head is MulticlassHead ? [ExtraColumn.Probabilities(), ExtraColumn.TopK(2)] : Array.Empty<ExtraColumn>()],
            TestTimeAugmentation = One(random, TestTimeAugmentation.None(), TestTimeAugmentation.FlipHorizontal(), TestTimeAugmentation.Shifts()),
            Seed = random.Next(),
        };
    }

    private static Optimizer AnOptimizer(Random random)
    {
        double decay = One(random, 0, 0.01);
        var optimizer = One(random,
            Optimizer.Adam(1e-2, weightDecay: decay), Optimizer.AdamW(1e-2), Optimizer.Adamax(weightDecay: decay), Optimizer.NAdam(), Optimizer.RAdam(), Optimizer.Sgd(weightDecay: decay),
            Optimizer.Sgd(0.01, 0.5, nesterov: true), Optimizer.RmsProp(1e-3, centered: random.Next(2) == 0), Optimizer.Adagrad(), Optimizer.Adadelta());
        return optimizer with { SparesBiasesAndNorms = random.Next(2) == 0, Groups = Maybe(random, new[] { new ParameterGroup { Path = "4", LearningRateFactor = One(random, 0, 0.5), WeightDecay = 0.1 } }) };
    }

    private static Schedule ASchedule(Random random, Optimizer optimizer) => One(random,
        Schedule.Constant(), Schedule.Step(1, 0.5), Schedule.Exponential(0.5), Schedule.Cosine(perEpoch: random.Next(2) == 0), Schedule.ReduceOnPlateau(0.5, 0),
        Schedule.OneCycle(cycleMomentum: optimizer.HasMomentum), Schedule.Cosine().WithWarmUp(0.5));

    private static Loss ALoss(Random random, Head head)
    {
        var weights = Maybe(random, One(random, ClassWeights.Balanced(), head is BinaryHead ? ClassWeights.Of(1, 2) : ClassWeights.Of(1, 2, 3)));
        return head is RegressionHead
            ? One(random, Loss.MeanAbsoluteError(), Loss.Huber(0.5), Loss.MeanSquaredError())
            : One(random, Loss.CrossEntropy(0.1, weights), Loss.Focal(0.5, weights), Loss.CrossEntropy(0, weights));
    }

    private static Augmentation AnAugmentation(Random random)
    {
        Augment[] all = [Augment.FlipHorizontal(), Augment.Shift(2, PaddingMode.Reflect), Augment.Rotate(20), Augment.ResizedCrop(), Augment.Contrast(0.5), Augment.Erase(), Augment.Cutout(3), Augment.Mixup(0.5), Augment.CutMix(1, 0.5)];
        return Augmentation.Of(all.Where(_ => random.Next(2) == 0)) with { Fill = One(random, 0, 0.5) };
    }

    private static T One<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private static T? Maybe<T>(Random random, T choice) where T : class => random.Next(2) == 0 ? choice : null;

    private static void Throw(bool now)
    {
        if (now) throw new FormatException();
    }
}
