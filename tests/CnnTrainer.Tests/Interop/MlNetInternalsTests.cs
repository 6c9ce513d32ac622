using CnnMlNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace CnnMlNet.Tests.Interop;

[TestClass]
public sealed class MlNetInternalsTests
{
    [TestMethod]
    public void IsCancelled_ContextCancelled_IsTrueForEachOfItsHostsAndNoOther()
    {
        var (ml, other) = (new MLContext(), new MLContext());
        var host = ((IHostEnvironment)ml).Register("host");
        var nested = host.Register("nested");
        var foreign = ((IHostEnvironment)other).Register("host");
        Assert.IsFalse(MlNetInternals.IsCancelled(host));
        ml.CancelExecution();
        Assert.IsTrue(MlNetInternals.IsCancelled(host));
        Assert.IsTrue(MlNetInternals.IsCancelled(nested));
        Assert.IsTrue(MlNetInternals.IsCancelled(((IHostEnvironment)ml).Register("later")));
        Assert.IsFalse(MlNetInternals.IsCancelled(foreign));
    }

    [TestMethod]
    public void SettingsOf_ContextAndItsHost_AreWhatTheContextWasMadeWith()
    {
        var ml = new MLContext(seed: 7) { GpuDeviceId = 3, FallbackToCpu = true };
        Assert.AreEqual(new MlNetInternals.EnvironmentSettings(7, 3, true), MlNetInternals.SettingsOf(ml));
        Assert.AreEqual(new MlNetInternals.EnvironmentSettings(7, 3, true), MlNetInternals.SettingsOf(((IHostEnvironment)ml).Register("host")));
        Assert.AreEqual(7, MlNetInternals.SettingsOf(MlNetInternals.EnvironmentOf(ml.Transforms)).Seed);
    }

    [TestMethod]
    public void Reach_MemberThatIsNotThere_EndsInOneMessageThatNamesIt()
    {
        foreach (Exception missing in new Exception[] { new MissingFieldException("x"), new MissingMethodException("x"), new TypeLoadException("x") })
        {
            var error = Assert.ThrowsExactly<NotSupportedException>(() => MlNetInternals.Reach<int>("ModelSaveContext.Writer", () => throw missing));
            Assert.Contains("needs ModelSaveContext.Writer", error.Message);
            Assert.Contains("reference that version", error.Message);
            Assert.AreSame(missing, error.InnerException);
        }
    }
}
