using Microsoft.ML.Runtime;

namespace CnnMlNet.Tests.Training;

[TestClass]
public sealed class LogTests
{
    [EachCulture]
    public void Log_Training_HasOneInfoLineAnEpoch()
    {
        var ml = Some.Context();
        var lines = new List<string>();
        ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Info && entry.Source.Contains("CnnTrainer")) lines.Add(entry.RawMessage);
        };
        using var model = Some.Trained(ml, Some.Options with { ValidationFraction = 0.2 });
        Assert.HasCount(5, lines);
        Assert.MatchesRegex(@"^Computing on cpu with \d+ threads?\. (How its threads wait was left as it is|LibTorch's threads (sleep|spin) .* was (busy|quiet) when LibTorch was loaded)\.$", lines[0]);
        Assert.AreEqual("Training: 60 images of 0.0 MB in memory.", lines[1]);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            Assert.MatchesRegex(
                $@"^Epoch {epoch}/3: loss \d+\.\d{{4}}, accuracy [01]\.\d{{4}}, " +
                @"validation loss \d+\.\d{4}, validation accuracy [01]\.\d{4}, \d+\.\d s$",
                lines[epoch + 1]);
        }
    }

    [EachCulture]
    public void Log_TrainingWithoutValidation_DoesNotMentionIt()
    {
        var ml = Some.Context();
        var lines = new List<string>();
        ml.Log += (_, entry) => lines.Add(entry.RawMessage);
        using var model = Some.Trained(ml);
        Assert.IsTrue(lines.Any(line => line.StartsWith("Epoch 3/3: loss", StringComparison.Ordinal)));
        Assert.IsFalse(lines.Any(line => line.Contains("validation")));
    }

    [TestMethod]
    public void Console_TrainingAndScoring_StaysEmpty()
    {
        var before = (Console.Out, Console.Error);
        using var written = new StringWriter();
        try
        {
            Console.SetOut(written);
            Console.SetError(written);
            var ml = Some.Context();
            using var model = Some.Trained(ml);
            Some.Scores(model.Transform(Some.Images(ml)));
        }
        finally
        {
            Console.SetOut(before.Out);
            Console.SetError(before.Error);
        }

        Assert.AreEqual("", written.ToString());
    }
}
