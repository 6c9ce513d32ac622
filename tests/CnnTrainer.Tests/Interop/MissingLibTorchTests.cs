namespace CnnMlNet.Tests.Interop;

[TestClass]
public sealed class MissingLibTorchTests
{
    [TestMethod]
    public void Fit_LibTorchMissing_NamesThePackages()
    {
        using var folder = new TempFolder();
        CopyManaged(AppContext.BaseDirectory, folder);
        var (exitCode, _, errors) = ProbeProcess.RunIn(folder.Path, "fit");
        Assert.AreEqual(3, exitCode, errors);
        StringAssert.StartsWith(
            errors,
            "LibTorch, the native library that TorchSharp computes with, could not be loaded. Reference one of the packages TorchSharp-cpu, " +
            "TorchSharp-cuda-windows or TorchSharp-cuda-linux from the application, in the version of TorchSharp (");
        Assert.Contains("Cause: ", errors);
    }

    [TestMethod]
    public void Fit_LibTorchThere_Trains() => Assert.AreEqual((0, "trained" + Environment.NewLine, ""), ProbeProcess.Run("fit"));

    /// <summary>Assemblies only; without its deps.json the host takes every assembly beside the program.</summary>
    private static void CopyManaged(string from, TempFolder to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.dll").Where(IsManaged).Append(Path.Combine(from, "Probe.runtimeconfig.json")))
            File.Copy(file, to.File(Path.GetFileName(file)));
    }

    private static bool IsManaged(string file)
    {
        try
        {
            return System.Reflection.AssemblyName.GetAssemblyName(file).Name is not null;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
