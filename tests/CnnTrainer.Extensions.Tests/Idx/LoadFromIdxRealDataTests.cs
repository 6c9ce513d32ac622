using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests.Idx;

/// <summary>The published files; counts, labels and sums were taken with Python's gzip and struct.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class LoadFromIdxRealDataTests
{
    [TestMethod]
    [DataRow("mnist", "train", 60_000, "5041921314", 1_567_298_545L)]
    [DataRow("mnist", "t10k", 10_000, "7210414959", 264_923_200L)]
    [DataRow("fashion-mnist", "train", 60_000, "9003027255", 3_431_114_169L)]
    [DataRow("fashion-mnist", "t10k", 10_000, "9211614657", 573_469_082L)]
    public void LoadFromIdx_PublishedFiles_HaveTheirCountsLabelsAndPixels(string set, string part, int rows, string firstLabels, long pixels)
    {
        var ml = new MLContext(1);

        var data = ml.Data.LoadFromIdx(RealData.File(set, part + "-images-idx3-ubyte.gz"), RealData.File(set, part + "-labels-idx1-ubyte.gz"));

        CollectionAssert.AreEqual(new[] { 1, 28, 28 }, ((VectorDataViewType)data.Schema["Features"].Type).Dimensions.ToArray());
        Assert.AreEqual(rows, data.GetRowCount());
        Assert.AreEqual(firstLabels, string.Concat(data.GetColumn<string>("Label").Take(10)));
        var sums = Rows.Stream(data).Select(image => image.Sum(pixel => (long)pixel)).ToList();
        Assert.HasCount(rows, sums);
        Assert.AreEqual(pixels, sums.Sum());
    }
}
