using System.Runtime.InteropServices;
using CnnMlNet;
using CnnMlNet.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

/// <summary>
/// Writes models of today's format with their scores. Those of tests/recorded stand for models that users have: never write over them, give
/// a new format a new name. The version 1 files were made so too, by the code of that time.
/// </summary>
internal static class Record
{
    public static void Models(string folder)
    {
        var ml = Some.Context();
        using var multiclass = Train(ml, Golden.Photos(ml), Golden.PhotoOptions);
        Write(ml, multiclass, Golden.Photos(ml), folder, "model-v2");
        using var binary = Train(ml, Golden.Signs(ml), Golden.SignOptions);
        Write(ml, binary, Golden.Signs(ml), folder, "binary-v2");
        using var regression = Train(ml, Golden.Gauges(ml), Golden.GaugeOptions);
        Write(ml, regression, Golden.Gauges(ml), folder, "regression-v2");
        using var perPixel = Train(ml, Golden.Maps(ml), Golden.MapOptions);
        Write(ml, perPixel, Golden.Maps(ml), folder, "per-pixel-v2");

        var data = Some.Keyed(ml);
        var scaler = ml.Transforms.StandardScale("Features").Fit(data);
        using var model = Train(ml, scaler.Transform(data), Some.Options with { Epochs = 10 });
        var chain = new TransformerChain<ITransformer>(scaler, model);
        ml.Model.Save(chain, null, Path.Combine(folder, "pipeline-v2.zip"));
        WriteScores(chain, Some.Images(ml), folder, "pipeline-v2");
    }

    private static CnnTransformer Train(MLContext ml, IDataView data, CnnTrainerOptions options) => new CnnTrainer(ml, options).Fit(data);

    private static void Write(MLContext ml, CnnTransformer model, IDataView data, string folder, string name)
    {
        File.WriteAllBytes(Path.Combine(folder, name + ".cnn"), ModelZip.Envelope(ModelZip.Save(ml, model)));
        WriteScores(model, data, folder, name);
    }

    private static void WriteScores(ITransformer model, IDataView data, string folder, string name) =>
        File.WriteAllBytes(Path.Combine(folder, name + ".scores"), MemoryMarshal.AsBytes<float>(Golden.Scores(model.Transform(data))).ToArray());
}
