using CnnMlNet.Tests.Heads;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Probabilities at a temperature, and the flag of rows that are not sure.</summary>
[TestClass]
public sealed class CalibratedColumnTests
{
    private static readonly ExtraColumn[] Columns = [ExtraColumn.Logits(), ExtraColumn.Calibrated(2.5), ExtraColumn.Calibrated(1, "Same"), ExtraColumn.Reject(0.6, 2.5)];

    private readonly MLContext _ml = Some.Context();

    private sealed class Judged
    {
        public float[] CalibratedProbabilities { get; set; } = [];

        public bool IsRejected { get; set; }
    }

    [TestMethod]
    public void Columns_OfClasses_AreTheSoftmaxAtTheirTemperature()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = Columns });
        var scored = model.Transform(Some.Images(_ml));
        var calibrated = Some.Scores(scored, "CalibratedProbabilities");
        var sorted = calibrated.Select(row => row.Max()).Order().ToArray();
        double half = (sorted[29] + (double)sorted[30]) / 2;
        using var flagging = model.With([ExtraColumn.Reject(half, 2.5)]);
        var rejected = flagging.Transform(Some.Images(_ml)).GetColumn<bool>("IsRejected").ToArray();
        ExtraColumnTests.AssertClose(Some.FlatScores(scored), Some.FlatScores(scored, "Same"));
        foreach (var (row, logits) in Some.Scores(scored, "Logits").Index())
        {
            var weights = logits.Select(logit => Math.Exp(logit / 2.5)).ToArray();
            ExtraColumnTests.AssertClose([.. weights.Select(weight => (float)(weight / weights.Sum()))], calibrated[row]);
            Assert.AreEqual(calibrated[row].Max() < half, rejected[row]);
        }

        Assert.AreEqual(30, rejected.Count(flag => flag));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), scored.Schema["CalibratedProbabilities"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, scored.Schema["IsRejected"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["CalibratedProbabilities"].GetSlotNames(ref names);
        Assert.AreEqual("c0 c1 c2", string.Join(' ', names.DenseValues()));
    }

    [TestMethod]
    public void Columns_OfYesAndNo_AreTheSigmoidAtTheirTemperature()
    {
        using var model = new CnnTrainer(_ml, Some.Options with { Head = Head.Binary(), ExtraColumns = Columns[1..] }).Fit(YesOrNo.Images(_ml));
        var scored = model.Transform(YesOrNo.Images(_ml));
        Assert.AreEqual(NumberDataViewType.Single, scored.Schema["CalibratedProbabilities"].Type);
        var (probabilities, rejected) = (scored.GetColumn<float>("CalibratedProbabilities").ToArray(), scored.GetColumn<bool>("IsRejected").ToArray());
        ExtraColumnTests.AssertClose([.. scored.GetColumn<float>("Probability")], [.. scored.GetColumn<float>("Same")]);
        foreach (var (row, logit) in scored.GetColumn<float>("Score").Index())
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-logit / 2.5)), probabilities[row], 1e-6);
            Assert.AreEqual(Math.Max(probabilities[row], 1 - probabilities[row]) < 0.6, rejected[row]);
        }
    }

    [TestMethod]
    public void Calibrated_ExtremeLogits_StaysANumber()
    {
        foreach (float[] logits in new float[][] { [3e38f, -3e38f], [-3e38f, -3e38f], [3e38f], [-3e38f] })
        {
            foreach (double temperature in new[] { 1e-300, 1, 1e300 })
            {
                var probabilities = new float[logits.Length];
                CnnMlNet.Scoring.Tempered.Probabilities(logits, temperature, probabilities);
                Assert.IsTrue(probabilities.All(value => value is >= 0 and <= 1), string.Join(' ', probabilities));
                Assert.IsTrue(CnnMlNet.Scoring.Tempered.Confidence(logits, temperature) is >= 0.5 and <= 1);
            }
        }
    }

    [TestMethod]
    public void PredictionEngine_OfALoadedModel_GivesBoth()
    {
        using var model = Some.Trained(_ml, Some.Options with { ExtraColumns = Columns });
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(Columns, loaded.ExtraColumns.ToArray());
        var engine = _ml.Model.CreatePredictionEngine<ImageRow, Judged>(loaded, inputSchemaDefinition: Some.Definition<ImageRow>());
        var scored = model.Transform(Some.Images(_ml, 5));
        var (probabilities, rejected) = (Some.Scores(scored, "CalibratedProbabilities"), scored.GetColumn<bool>("IsRejected").ToArray());
        foreach (var (i, row) in Some.Rows(5).Index())
        {
            var one = engine.Predict(row);
            ExtraColumnTests.AssertClose(probabilities[i], one.CalibratedProbabilities);
            Assert.AreEqual(rejected[i], one.IsRejected);
        }
    }
}
