using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>What some work asks for.</summary>
/// <param name="Calls">Calls of LibTorch's operators; not a number where nothing counts them.</param>
/// <param name="Bytes">Managed bytes allocated, by all threads.</param>
internal readonly record struct Count(double Calls, double Bytes)
{
    public static Count operator -(Count left, Count right) => new(left.Calls - right.Calls, left.Bytes - right.Bytes);

    public static Count operator /(Count left, double right) => new(left.Calls / right, left.Bytes / right);
}

/// <summary>Counts work instead of timing it: the same on a busy machine.</summary>
/// <remarks>A unit's count is the difference between much and half as much of the same work, over the units between: what happens once cancels.</remarks>
internal static class Counted
{
    private static readonly CallCounter? s_calls = FindCounter();

    private delegate long CallCounter();

    /// <summary>Whether the native library beneath TorchSharp counts its calls; the published one does not.</summary>
    public static bool HasCalls => s_calls is not null;

    /// <summary>Of a training step.</summary>
    /// <param name="trainer">Makes a trainer of some epochs.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="steps">Steps of an epoch.</param>
    public static Count PerStep(Func<int, CnnTrainer> trainer, IDataView rows, int steps) =>
        Unit(epochs => trainer(epochs).Fit(rows).Dispose(), much: 8) / steps;

    /// <summary>Of the prediction of one row.</summary>
    public static Count PerPredict<TRow, TScored>(PredictionEngine<TRow, TScored> engine, TRow row) where TRow : class where TScored : class, new() => Unit(
        count =>
        {
            for (int i = 0; i < count; i++) engine.Predict(row);
        },
        much: 200);

    /// <summary>Of some rows read through a cursor.</summary>
    /// <param name="model">What transforms them.</param>
    /// <param name="view">At least sixteen times as many rows.</param>
    /// <param name="rows">How many are a unit.</param>
    public static Count PerRows(ITransformer model, Func<int, IDataView> view, int rows) => Unit(
        count =>
        {
            var scored = model.Transform(view(count * rows));
            using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
            var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
            VBuffer<float> value = default;
            while (cursor.MoveNext()) getter(ref value);
        },
        much: 16);

    private static Count Unit(Action<int> work, int much)
    {
        work(much);   // what is made once
        return (Least(much) - Least(much / 2)) / (much / 2);

        // Other threads of the process allocate too, now and then: that only adds.
        Count Least(int amount)
        {
            Count[] rounds = [.. Enumerable.Range(0, 4).Select(_ => Of(() => work(amount)))];
            return new(rounds.Min(round => round.Calls), rounds.Min(round => round.Bytes));
        }
    }

    private static Count Of(Action work)
    {
        var before = Now();
        work();
        return Now() - before;
    }

    private static Count Now() => new(s_calls?.Invoke() ?? double.NaN, GC.GetTotalAllocatedBytes(precise: true));

    private static CallCounter? FindCounter()
    {
        using var process = Process.GetCurrentProcess();
        var module = process.Modules.Cast<ProcessModule>().FirstOrDefault(module => module.ModuleName == "libtorchshim.so");
        return module is not null && NativeLibrary.TryGetExport(NativeLibrary.Load(module.FileName), "ts_call_count", out nint address)
            ? Marshal.GetDelegateForFunctionPointer<CallCounter>(address) : null;
    }
}
