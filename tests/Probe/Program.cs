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
    case ["score-binary", var model, var output]:
        File.WriteAllBytes(output, MemoryMarshal.AsBytes<float>(Scored(model).GetColumn<float>("Score").ToArray()).ToArray());
        return 0;
    case ["columns", var model, var output, .. var names]:
        File.WriteAllBytes(output, MemoryMarshal.AsBytes<float>(names.SelectMany(name => Some.FlatScores(Scored(model), name)).ToArray()).ToArray());
        return 0;
    case ["score-own", var model, var output]:
        CnnModules.Register("Probe.Block", input => new OwnNetworks.Block(input.Channels));
        File.WriteAllBytes(output, Score(model));
        return 0;
    case ["save", var model, var times]:
        return Save(model, int.Parse(times, CultureInfo.InvariantCulture));
    case ["leave", var how, var milliseconds]:
        return Exits.Leave(how, int.Parse(milliseconds, CultureInfo.InvariantCulture));
    case ["threads", var number]:
        Threads(int.Parse(number, CultureInfo.InvariantCulture));
        return 0;
    case ["waiting"]:
        Waiting.Print();
        return 0;
    case ["memory", var rows]:
        Console.WriteLine(Memory.OfFit(int.Parse(rows, CultureInfo.InvariantCulture)).ToString("F2", CultureInfo.InvariantCulture));
        return 0;
    case ["folder-memory", var files, var megabytes]:
        var (limited, whole) = Memory.OfFolder(int.Parse(files, CultureInfo.InvariantCulture), long.Parse(megabytes, CultureInfo.InvariantCulture) << 20);
        Console.WriteLine($"{limited >> 20} {whole >> 20}");
        return 0;
    case ["fit"]:
        return Fit();
    case ["train", var checkpoints, var optimizer, var output]:
        return Resumed.Train(checkpoints, optimizer, output);
    case ["record", var folder]:
        Record.Models(folder);
        return 0;
    default:
        Console.Error.WriteLine("usage: probe score MODEL.zip OUT.bin | score-binary MODEL.zip OUT.bin | columns MODEL.zip OUT.bin NAMES | score-own MODEL.zip OUT.bin | save MODEL.zip TIMES | " +
            "leave HOW MILLISECONDS | threads NUMBER | memory ROWS | folder-memory FILES MEGABYTES | fit | train CHECKPOINTS OPTIMIZER OUT.json | record FOLDER");
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
