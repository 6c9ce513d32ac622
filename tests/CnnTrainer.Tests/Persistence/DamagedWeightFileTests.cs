using System.Text;
using CnnMlNet.Persistence;
using CnnMlNet.Tests.Architecture;
using static TorchSharp.torch;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Weight files that are damaged end in one kind of exception, with their path, and in little memory.</summary>
[TestClass]
public sealed class DamagedWeightFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Network _network = Networks.Build(Some.Network, Some.Shape, outputs: 3);

    private string Path => _folder.File("weights.safetensors");

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [EachCulture]
    public void Take_TruncatedAnywhere_SaysSo()
    {
        var whole = Whole();
        for (int length = 0; length < whole.Length; length += length < 500 ? 1 : 7) StringAssert.StartsWith(Refused(whole[..length]), $"'{Path}' is no safetensors file that can be used: ");
        StringAssert.Contains(Refused(whole[..^1]), "the weights' values end at 940 of 939 bytes");
        StringAssert.Contains(Refused([.. whole, 0]), "the weights' values end at 940 of 941 bytes");
    }

    [EachCulture]
    [DataRow(1L << 40)]
    [DataRow(long.MaxValue)]
    [DataRow(-1L)]
    [DataRow(100_000_000L)]
    public void Take_HeaderLongerThanTheFile_AllocatesNothing(long length)
    {
        var bytes = Whole();
        BitConverter.TryWriteBytes(bytes, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        StringAssert.Contains(Refused(bytes), FormattableString.Invariant($"the weights' header of {length} bytes is longer than the weights"));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [EachCulture]
    [DataRow("[4],\"data_offsets\":[0,16]}", "[4],\"data_offsets\":[0,12]}", "'0.bias' lies at 0 to 12, expected 0 to 16")]
    [DataRow("[4],\"data_offsets\":[16,32]}", "[4],\"data_offsets\":[0,16]}", "'b' lies at 0 to 16, expected 16 to 32")]   // overlaps
    [DataRow("[4],\"data_offsets\":[16,32]}", "[4],\"data_offsets\":[17,33]}", "'b' lies at 17 to 33, expected 16 to 32")]   // leaves a gap
    [DataRow("[4],\"data_offsets\":[16,32]}", "[-4],\"data_offsets\":[16,32]}", "'b' has the shape [-4], which cannot be")]
    [DataRow("[4],\"data_offsets\":[16,32]}", "[4294967296,4294967296],\"data_offsets\":[16,32]}", "'b' has the shape [4294967296, 4294967296], which cannot be")]
    [DataRow("[4],\"data_offsets\":[16,32]}", "[4],\"data_offsets\":[16,9223372036854775807]}", "expected 16 to 32")]
    [DataRow("\"F32\",\"shape\":[4],\"data_offsets\":[16,32]}", "\"Q4\",\"shape\":[4],\"data_offsets\":[16,9223372036854775807]}", "values end at 9223372036854775807 of 32 bytes")]
    [DataRow("\"b\":", "\"0.bias\":", "the weights' header is not as safetensors has it: ")]
    [DataRow("{\"0.bias\"", "[\"0.bias\"", "the weights' header is not as safetensors has it: ")]
    [DataRow("\"b\":", "\"\\ud800\":", "the weights' header is not as safetensors has it: ")]
    public void Take_HeaderForged_NamesTheTensor(string genuine, string forged, string message)
    {
        const string Header = """{"0.bias":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[4],"data_offsets":[16,32]}}""";
        StringAssert.Contains(Header, genuine);
        Assert.HasCount(1, Take([.. SafetensorsFile.Header(Header), .. new byte[32]]).Taken);
        StringAssert.Contains(Refused([.. SafetensorsFile.Header(Header.Replace(genuine, forged, StringComparison.Ordinal)), .. new byte[32]]), message);
    }

    [EachCulture]
    public void Take_ValueThatIsNotFinite_NamesTheTensor()
    {
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
            StringAssert.Contains(Refused(SafetensorsFile.Bytes(SafetensorsFile.Of("0.bias", [4], 1, 2, value, 4))), "the weights' '0.bias' has values that are not finite numbers");
        var large = new SafetensorsFile.Entry("0.bias", [4], [.. Enumerable.Repeat(1e300, 4).SelectMany(BitConverter.GetBytes)], "F64");
        StringAssert.Contains(Refused(SafetensorsFile.Bytes(large)), "not finite");
        Assert.HasCount(1, Take(SafetensorsFile.Bytes(SafetensorsFile.Of("0.bias", [4], 1, 2, 3, 4), SafetensorsFile.Of("unused", [1], float.NaN))).Taken);
    }

    [EachCulture]
    [DataRow("I32", 16)]
    [DataRow("F8_E4M3", 4)]
    [DataRow("I64", 32)]
    public void Take_WeightOfAnotherType_IsNamedUnlessItIsNotUsed(string dtype, int bytes)
    {
        var fits = SafetensorsFile.Of("4.bias", [3], 1, 2, 3);
        StringAssert.Contains(
            Refused(SafetensorsFile.Bytes(fits, new SafetensorsFile.Entry("0.bias", [4], new byte[bytes], dtype))), $"the weights' '0.bias' is of the type {dtype}; F32, F16, BF16 and F64 can be read");
        CollectionAssert.AreEqual(new[] { "step" }, Take(SafetensorsFile.Bytes(fits, new SafetensorsFile.Entry("step", [4], new byte[bytes], dtype))).Unused.ToArray());
    }

    [TestMethod]
    public void Take_LargeTensorThatIsNotUsed_IsNeverRead()
    {
        var path = _folder.File("large");
        using (var file = File.Create(path))
        {
            file.Write(SafetensorsFile.Header("""{"large":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]},"0.bias":{"dtype":"F32","shape":[4],"data_offsets":[4294967296,4294967312]}}"""));
            file.SetLength(file.Length + 4294967312);   // 4 GB, most of it a hole
        }

        long before = GC.GetAllocatedBytesForCurrentThread(), resident = Environment.WorkingSet;
        CollectionAssert.AreEqual(new[] { "0.bias" }, WeightFile.Take(path, _network).Taken.ToArray());
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.IsLessThan(64 << 20, Environment.WorkingSet - resident);
    }

    [TestMethod]
    public void Take_MutatedFile_IsRefusedOrTakenAndNothingElse()
    {
        const int Mutations = 1000;
        var whole = Whole();
        int header = 8 + (int)BitConverter.ToInt64(whole), refused = 0;
        long tensors = Tensor.TotalCount;
        for (int seed = 0; seed < Mutations; seed++)
        {
            File.WriteAllBytes(Path, Mutated(whole, header, new Random(seed)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                WeightFile.Take(Path, _network);
            }
            catch (InvalidDataException e)
            {
                refused++;
                StringAssert.StartsWith(e.Message, $"'{Path}' is no safetensors file that can be used: ", $"mutation {seed}");
            }

            Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before, $"mutation {seed}");
        }

        Assert.AreEqual(tensors, Tensor.TotalCount);
        Assert.IsTrue(refused is > Mutations / 2 and < Mutations, $"{refused} of {Mutations} were refused");
        Assert.IsTrue(_network.Weights.Values.All(weight => weight.data<float>().All(float.IsFinite)));
    }

    /// <summary>One to three of: a bit flipped, a digit or letter of the header changed, the end cut off, bytes zeroed, removed, doubled, or made random.</summary>
    private static byte[] Mutated(byte[] whole, int header, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(3) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, header)), count = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: if (char.IsAsciiLetterOrDigit((char)bytes[at])) bytes[at] = (byte)"0123456789-.eFBIU"[random.Next(17)]; break;
                case 2: if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: for (int i = 0; i < count; i++) bytes[at + i] = 0; break;
                case 4: bytes.RemoveRange(at, count); break;
                case 5: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                default: for (int i = 0; i < count; i++) bytes[at + i] = (byte)random.Next(256); break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Whole() => SafetensorsFile.Bytes(
        SafetensorsFile.Random("0.weight", [4, 1, 3, 3]), SafetensorsFile.Random("0.bias", [4]), SafetensorsFile.Random("4.weight", [3, 64]), SafetensorsFile.Random("4.bias", [3]));

    private TransferReport Take(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        return WeightFile.Take(Path, _network);
    }

    private string Refused(byte[] bytes) => Assert.ThrowsExactly<InvalidDataException>(() => Take(bytes)).Message;
}
