using CnnMlNet.Training;
using TorchSharp;

namespace CnnMlNet.Tests.Training;

/// <summary>Randomness is a function of seed, purpose, epoch and row, and of nothing that was drawn before or elsewhere.</summary>
[TestClass]
public sealed class SeedAddressTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { Architecture = Some.AllLayers, ValidationFraction = 0.2 };

    [TestMethod]
    public void For_AnyPartOfTheAddress_GivesOtherBits()
    {
        var seeds = new Seeds(7);
        ulong[] bits =
        [
            seeds.For(Purpose.Shuffle), seeds.For(Purpose.Dropout), seeds.For(Purpose.Shuffle, 1), seeds.For(Purpose.Shuffle, 0, 1),
            seeds.For(Purpose.Shuffle, 1, 1), new Seeds(8).For(Purpose.Shuffle), new Seeds(-7).For(Purpose.Shuffle), new Seeds(0).For(0),
        ];
        Assert.HasCount(bits.Length, bits.Distinct());
        Assert.AreEqual(bits[0], new Seeds(7).For(Purpose.Shuffle));
    }

    /// <summary>What a seed means never changes: these numbers stand for the models that users have.</summary>
    [TestMethod]
    public void For_RecordedAddresses_StayAsTheyWere()
    {
        Assert.AreEqual("7 3 2 1 6 4 5 0", string.Join(' ', new Seeds(7).Order([0, 1, 2, 3, 4, 5, 6, 7], 0)));
        Assert.AreEqual("0 3 4 2 6 7 5 1", string.Join(' ', new Seeds(7).Order([0, 1, 2, 3, 4, 5, 6, 7], 0, window: 3)));
        Assert.AreEqual(9271790865136253289, new Seeds(7).For(Purpose.Shuffle, 3, 5));
    }

    [TestMethod]
    public void Order_EachEpoch_HasEveryRowOnceInAnOrderOfItsOwn()
    {
        int[] rows = [.. Enumerable.Range(100, 50)];
        var orders = Enumerable.Range(0, 5).Select(epoch => new Seeds(1).Order(rows, epoch)).ToArray();
        foreach (var order in orders) CollectionAssert.AreEqual(rows, order.Order().ToArray());
        Assert.HasCount(5, orders.Select(order => string.Join(' ', order)).Distinct());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(99)]
    public void Order_Window_HasEveryRowOnceAndNoneTooEarly(int window)
    {
        int[] rows = [.. Enumerable.Range(0, 100).Select(row => 3 * row)];
        var orders = Enumerable.Range(0, 5).Select(epoch => new Seeds(1).Order(rows, epoch, window)).ToArray();
        foreach (var order in orders)
        {
            CollectionAssert.AreEqual(rows, order.Order().ToArray());
            Assert.IsTrue(order.Index().All(place => place.Item / 3 <= place.Index + window - 1));
        }

        Assert.AreEqual(window == 1 ? 1 : 5, orders.Select(order => string.Join(' ', order)).Distinct().Count());
        CollectionAssert.AreEqual(new Seeds(1).Order(rows, 2), new Seeds(1).Order(rows, 2, window: 100));
    }

    [TestMethod]
    public void Order_ManyEpochs_PutsEachRowEverywhereAlike()
    {
        const int Rows = 5, Epochs = 20_000;
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var counts = new int[Rows, Rows];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            var order = new Seeds(3).Order(rows, epoch);
            for (int place = 0; place < Rows; place++) counts[place, order[place]]++;
        }

        double expected = (double)Epochs / Rows, chiSquare = counts.Cast<int>().Sum(count => (count - expected) * (count - expected) / expected);
        Assert.IsLessThan(39.3, chiSquare, "16 degrees of freedom, one in a thousand");
    }

    [TestMethod]
    public void Fit_WhileOthersTrainLoadAndDraw_GivesTheSameBytes()
    {
        var ml = Some.Context();
        var expected = Train(Options);
        using var other = Some.Trained(ml, Options with { Seed = 3 });
        var zip = ModelZip.Save(ml, other);
        using var stop = new CancellationTokenSource();
        var disturbances = new Action[]
        {
            () => { torch.manual_seed(Environment.TickCount); torch.rand(10).Dispose(); },
            () => Train(Options with { Seed = 9, Epochs = 1 }),
            () => ((IDisposable)ModelZip.Load(Some.Context(), zip)).Dispose(),
        };
        var tasks = disturbances.Select(disturb => Task.Run(() => { while (!stop.IsCancellationRequested) disturb(); })).ToArray();
        try
        {
            for (int i = 0; i < 3; i++) CollectionAssert.AreEqual(expected, Train(Options));
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(tasks);
        }
    }

    [TestMethod]
    public void Fit_AnyEnd_LeavesTheGeneratorOfLibTorchAsItWas()
    {
        CnnModules.Register("SeedAddressTests.Draws", _ => new OwnNetworks.Draws());
        var own = Options with { Architecture = new CnnArchitecture(Layer.Module("SeedAddressTests.Draws"), Layer.Flatten(), Layer.Output()) };
        foreach (var options in new[] { Options, own })
        {
            AssertUntouched(() => Some.Trained(Some.Context(), options).Dispose());
            AssertUntouched(() => Assert.ThrowsExactly<FormatException>(() => Some.Trained(Some.Context(), options with { OnBatchEnd = _ => throw new FormatException() })));
            AssertUntouched(() => own.Architecture.Summarize(Some.Shape, 3));
        }
    }

    [TestMethod]
    public void Callback_OfANetworkThatDraws_FindsTheGeneratorAsItWas()
    {
        CnnModules.Register("SeedAddressTests.Draws", _ => new OwnNetworks.Draws());
        var architecture = new CnnArchitecture(Layer.Module("SeedAddressTests.Draws"), Layer.Flatten(), Layer.Output());
        torch.manual_seed(5);
        using var expected = torch.rand(4);
        torch.manual_seed(5);
        torch.Tensor? found = null;
        using var model = Some.Trained(Some.Context(), Options with { Architecture = architecture, OnBatchEnd = _ => found ??= torch.rand(4).DetachFromDisposeScope() });
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), found!.data<float>().ToArray());
        found.Dispose();
    }

    private static void AssertUntouched(Action action)
    {
        using var generator = torch.Generator.Default;
        torch.manual_seed(41);
        using var before = generator.get_state();
        action();
        using var after = generator.get_state();
        Assert.IsTrue(before.bytes.SequenceEqual(after.bytes));
    }

    private static byte[] Train(CnnTrainerOptions options)
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, options);
        return ModelZip.Trained(ModelZip.Save(ml, model));
    }
}
