// A second process for the tests: another program that loads a model, or one that lacks LibTorch.
using System.Globalization;
using System.Runtime.InteropServices;
using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

switch (args)
{
    case ["score", var model, var output]:
        File.WriteAllBytes(output, Score(model));
        return 0;
    case ["score-binary", var model, var output]:
        File.WriteAllBytes(output, MemoryMarshal.AsBytes<float>(Scored(model).GetColumn<float>("Score").ToArray()).ToArray());
        return 0;
    case ["score-own", var model, var output]:
        CnnModules.Register("Probe.Block", input => new OwnNetworks.Block(input.Channels));
        File.WriteAllBytes(output, Score(model));
        return 0;
    case ["save", var model, var times]:
        return Save(model, int.Parse(times, CultureInfo.InvariantCulture));
    case ["fit"]:
        return Fit();
    case ["record", var folder]:
        Record(folder);
        return 0;
    case ["record-pipeline", var folder]:
        RecordPipeline(folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: probe score MODEL.zip OUT.bin | score-binary MODEL.zip OUT.bin | score-own MODEL.zip OUT.bin | save MODEL.zip TIMES | fit | record FOLDER | record-pipeline FOLDER");
        return 2;
}

static byte[] Score(string path) => MemoryMarshal.AsBytes<float>(Some.FlatScores(Scored(path))).ToArray();

static IDataView Scored(string path)
{
    var ml = new MLContext();
    return ml.Model.Load(path, out _).Transform(Some.Images(ml));
}

// A model of a few megabytes, over and over, to be killed meanwhile.
static int Save(string path, int times)
{
    var ml = Some.Context();
    var data = Some.Images(ml, rows: 2, shape: new(1, 400, 500));
    var scaler = ml.Transforms.StandardScale("Features").Fit(data);
    try
    {
        for (; times > 0; times--)
        {
            ml.Model.SaveSafely(scaler, data.Schema, path);
            Console.WriteLine("saved");
        }

        return 0;
    }
    catch (IOException e)
    {
        Console.Error.WriteLine(e.Message);
        return 3;
    }
}

static int Fit()
{
    try
    {
        using var model = Some.Trained(Some.Context());
        Console.WriteLine("trained");
        return 0;
    }
    catch (InvalidOperationException e)
    {
        Console.Error.WriteLine(e.Message);
        return 3;
    }
}

// Made tests/recorded/model-v1.*: never run it over those two files again, they stand for models that users have.
static void Record(string folder)
{
    var ml = Some.Context();
    using var model = Some.Trained(ml, Some.Options with { Architecture = Some.AllLayers });
    File.WriteAllBytes(Path.Combine(folder, "model-v1.cnn"), ModelZip.Envelope(ModelZip.Save(ml, model)));
    File.WriteAllBytes(Path.Combine(folder, "model-v1.scores"), MemoryMarshal.AsBytes<float>(Some.FlatScores(model.Transform(Some.Images(ml)))).ToArray());
}

// Made tests/recorded/pipeline-v1.*, over the published packages; for it the same holds.
static void RecordPipeline(string folder)
{
    var ml = Some.Context();
    var data = Some.Keyed(ml);
    var scaler = ml.Transforms.StandardScale("Features").Fit(data);
    using var model = new CnnTrainer(ml, Some.Options with { Epochs = 10 }).Fit(scaler.Transform(data));
    var chain = new TransformerChain<ITransformer>(scaler, model);
    ml.Model.Save(chain, null, Path.Combine(folder, "pipeline-v1.zip"));
    var scores = Some.FlatScores(chain.Transform(Some.Images(ml)));
    File.WriteAllBytes(Path.Combine(folder, "pipeline-v1.scores"), MemoryMarshal.AsBytes<float>(scores).ToArray());
}
