using System.Buffers.Binary;
using System.Text.RegularExpressions;
using CnnMlNet.Tests;

namespace Examples.Tests;

[TestClass]
public sealed class SignLanguageTests
{
    [TestMethod]
    public void SignLanguage_FoldersOfPhotographs_TrainsAndTellsFilesApartByName()
    {
        using var folder = new TempFolder();
        foreach (var (name, red) in new[] { ("dark hands", (byte)40), ("h\u00e4nde", (byte)220) })
        {
            Directory.CreateDirectory(folder.File($"photographs/{name}"));
            for (int i = 0; i < 20; i++) File.WriteAllBytes(folder.File($"photographs/{name}/{i} a.bmp"), Bitmap(20 + i, 30 - i / 2, red, seed: i));
        }

        var run = ProgramRun.Of("SignLanguage", folder.Path, folder.Path, folder.File("photographs"), "3");
        Assert.AreEqual("", run.Error);
        foreach (var said in new[] { "40 images of 2 classes", "8 test rows against 32 training rows", "Epoch 10: loss ", "seed 3: accuracy " }) StringAssert.Contains(run.Output, said);
        StringAssert.Matches(run.Output.TrimEnd(), new Regex(@"sign-language accuracy: (1\.0000|0\.[89]\d{3})$"));
        var predicted = ProgramRun.Of("SignLanguage", folder.Path, folder.Path, "predict", folder.File("photographs/h\u00e4nde/7 a.bmp"));
        StringAssert.Matches(predicted.Output, new Regex(@"7 a\.bmp: h\u00e4nde, probability (1\.0|0\.[5-9])\d+"));
    }

    [TestMethod]
    public void SignLanguage_NothingSaid_PrintsTheUsage()
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("SignLanguage", folder.Path, folder.Path);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.StartsWith(run.Error, "usage: SignLanguage DIR [SEED ...]");
    }

    [TestMethod]
    [DataRow("nowhere", "does not hold the data")]
    [DataRow("predict nowhere.jpg", "There is no file")]
    public void SignLanguage_NothingThere_SaysWhatAndExitsWithThree(string arguments, string problem)
    {
        using var folder = new TempFolder();
        var run = ProgramRun.Of("SignLanguage", folder.Path, folder.Path, arguments.Split(' '));
        Assert.AreEqual(3, run.ExitCode);
        StringAssert.Contains(run.Error, problem);
        StringAssert.Contains(run.Error, Path.Combine(folder.Path, "nowhere"));
    }

    /// <summary>A file of 24 bits a pixel, noise about a shade of red.</summary>
    private static byte[] Bitmap(int width, int height, byte red, int seed)
    {
        var random = new Random(seed);
        int stride = (3 * width + 3) / 4 * 4;
        var file = new byte[54 + stride * height];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, file.Length), (10, 54), (14, 40), (18, width), (22, height), (26, 1 + (24 << 16)), (34, stride * height) })
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        for (int i = 54; i < file.Length; i++) file[i] = (byte)((i - 54) % stride % 3 == 2 ? red + random.Next(-20, 20) : random.Next(60));
        return file;
    }
}
