// A second process for the tests: another program that loads a model, or one that lacks LibTorch.
using System.Globalization;
using System.Runtime.InteropServices;
using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

switch (args)
{
    case ["score", var model, var output]:
        File.WriteAllBytes(output, Score(model));
        return 0;
    case ["save", var model, var times]:
        return Save(model, int.Parse(times, CultureInfo.InvariantCulture));
    case ["leave", var how, var milliseconds]:
        return Exits.Leave(how, int.Parse(milliseconds, CultureInfo.InvariantCulture));
    case ["threads", var number]:
        Threads(int.Parse(number, CultureInfo.InvariantCulture));
        return 0;
    case ["memory", var rows]:
        Console.WriteLine(Memory.OfFit(int.Parse(rows, CultureInfo.InvariantCulture)).ToString("F2", CultureInfo.InvariantCulture));
        return 0;
    case ["fit"]:
        return Fit();
    case ["record", var folder]:
        Record(folder);
        return 0;
    case ["record-pipeline", var folder]:
        RecordPipeline(folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: probe score MODEL.zip OUT.bin | save MODEL.zip TIMES | leave HOW MILLISECONDS | threads NUMBER | memory ROWS | fit | record FOLDER | record-pipeline FOLDER");
        return 2;
}

static byte[] Score(string path)
{
    var ml = new MLContext();
    var scores = Some.FlatScores(ml.Model.Load(path, out _).Transform(Some.Images(ml)));
    return MemoryMarshal.AsBytes<float>(scores).ToArray();
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

// What a program has said before its first Fit, and Fit with a number of its own.
static void Threads(int number)
{
    torch.set_num_threads(3);
    Some.Trained(Some.Context(), Some.Options with { Threads = null }).Dispose();
    int during = 0, born = 0;
    var options = Some.Options with
    {
        Threads = number,
        OnEpochEnd = _ =>
        {
            during = torch.get_num_threads();
            var thread = new Thread(() => born = torch.get_num_threads());
            thread.Start();
            thread.Join();
        },
    };
    Some.Trained(Some.Context(), options).Dispose();
    Console.WriteLine($"{during} {born} {torch.get_num_threads()}");
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
