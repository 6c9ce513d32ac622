using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.StandardScaling;

[TestClass]
public sealed class StandardScalerTests
{
    private static readonly float[][] Three = [[1, 10, 5], [3, 10, 7], [5, 10, 0]];

    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Transform_InPlace_ReplacesTheColumn()
    {
        var data = Rows.Vectors(_ml, Three);

        var scaled = _ml.Transforms.StandardScale("Image").Fit(data).Transform(data);

        float[] column = [.. Rows.Read(scaled).Select(row => row[0])];
        CollectionAssert.AreEqual(new[] { -1.2247449f, 0, 1.2247449f }, column);
        Assert.IsTrue(Rows.Read(scaled).All(row => row[1] == 0), "a constant feature is centred and keeps the scale 1");
        Assert.AreEqual(1, scaled.Schema.Count(column => column.Name == "Image" && !column.IsHidden));
    }

    [TestMethod]
    public void Transform_ToAnotherColumn_KeepsTheInput()
    {
        var data = Rows.Vectors(_ml, Three);

        var scaler = _ml.Transforms.StandardScale("Scaled", "Image").Fit(data);
        var scaled = scaler.Transform(data);

        Assert.AreEqual(("Scaled", "Image"), (scaler.OutputColumnName, scaler.InputColumnName));
        Assert.AreEqual(3f, Rows.Read(scaled)[1][0]);
        Assert.AreEqual(0f, Rows.Read(scaled, "Scaled")[1][0]);
    }

    [TestMethod]
    public void Transform_ColumnWithDimensions_KeepsThem()
    {
        var data = Rows.Vectors(_ml, [[1, 2, 3, 4, 5, 6], [2, 2, 2, 2, 2, 2]], 1, 2, 3);

        var scaler = _ml.Transforms.StandardScale("Image").Fit(data);

        foreach (var schema in new[] { scaler.Transform(data).Schema, scaler.GetOutputSchema(data.Schema) })
            CollectionAssert.AreEqual(new[] { 1, 2, 3 }, ((VectorDataViewType)schema["Image"].Type).Dimensions.ToArray());
    }

    [TestMethod]
    public void Transform_ColumnWithSlotNames_KeepsThem()
    {
        var data = WithSlotNames();
        var estimator = _ml.Transforms.StandardScale("Scaled", "Image");

        var scaled = estimator.Fit(data).Transform(data);
        var shape = estimator.GetOutputSchema(Rows.ShapeOf(data));

        VBuffer<ReadOnlyMemory<char>> names = default;
        scaled.Schema["Scaled"].GetSlotNames(ref names);
        Assert.AreEqual("A B", string.Join(' ', names.DenseValues()));
        Assert.IsTrue(shape.Single(column => column.Name == "Scaled").Annotations.Any(annotation => annotation.Name == "SlotNames"));
    }

    [TestMethod]
    public void GetOutputSchema_OfAShape_AddsOrReplacesTheColumn()
    {
        var shape = Rows.ShapeOf(Rows.Vectors(_ml, Three));

        var replaced = _ml.Transforms.StandardScale("Image").GetOutputSchema(shape);
        var added = _ml.Transforms.StandardScale("Scaled", "Image").GetOutputSchema(shape);

        Assert.AreEqual("Image", string.Join(' ', replaced.Select(column => column.Name)));
        Assert.AreEqual("Image Scaled", string.Join(' ', added.Select(column => column.Name)));
        Assert.IsTrue(added.All(column => column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single));
    }

    [TestMethod]
    public void Fit_OnTheTrainingRows_KnowsNothingOfTheOthers()
    {
        var all = Rows.Vectors(_ml, Enumerable.Range(0, 20).Select(row => new[] { row < 10 ? row : 1000f }));

        var scaler = _ml.Transforms.StandardScale("Image").Fit(_ml.Data.TakeRows(all, 10));

        Assert.AreEqual(4.5, scaler.Means[0], 1e-12);
        Assert.AreEqual(Math.Sqrt(8.25), scaler.Scales[0], 1e-12);
        Assert.AreEqual((1000 - 4.5) / Math.Sqrt(8.25), Rows.Read(scaler.Transform(all))[19][0], 1e-3);
    }

    [TestMethod]
    public void PerChannel_WithAnImageShape_EqualsDimensionsInTheColumn()
    {
        float[][] rows = [[1, 2, 30, 40], [3, 4, 50, 90]];
        var plain = Rows.Vectors(_ml, rows);
        var shaped = Rows.Vectors(_ml, rows, 2, 1, 2);

        var told = _ml.Transforms.StandardScale("Image", mode: ScalingMode.PerChannel, imageShape: new(2, 1, 2)).Fit(plain);
        var found = _ml.Transforms.StandardScale("Image", mode: ScalingMode.PerChannel).Fit(shaped);

        CollectionAssert.AreEqual(new[] { 2.5, 52.5 }, told.Means.ToArray());
        CollectionAssert.AreEqual(found.Scales.ToArray(), told.Scales.ToArray());
        CollectionAssert.AreEqual(Rows.Read(found.Transform(shaped))[1], Rows.Read(told.Transform(plain))[1]);
    }

    [TestMethod]
    public void Transform_BeforeACursorMoves_ReadsNothing()
    {
        var counter = new Rows.Counter();
        var data = counter.Count(_ml, Three);
        var scaler = _ml.Transforms.StandardScale("Image").Fit(data);
        Assert.AreEqual(3, counter.Read, "Fit reads each row once");

        var scaled = scaler.Transform(data);
        Assert.AreEqual(3, counter.Read);
        Rows.Read(_ml.Data.TakeRows(scaled, 1));

        Assert.IsLessThan(6, counter.Read);
    }

    private IDataView WithSlotNames()
    {
        var data = Rows.Vectors(_ml, [[1, 2], [3, 5]]);
        var names = new VBuffer<ReadOnlyMemory<char>>(2, ["A".AsMemory(), "B".AsMemory()]);
        var definition = SchemaDefinition.Create(typeof(Rows.Vector));
        definition["Image"].ColumnType = data.Schema["Image"].Type;
        definition["Image"].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, 2));
        return _ml.Data.LoadFromEnumerable(_ml.Data.CreateEnumerable<Rows.Vector>(data, reuseRowObject: false), definition);
    }
}
