using System.ComponentModel;
using System.Globalization;

namespace CnnMlNet.Benchmarks;

/// <summary>Runs ours and a Python peer in turn, in one go, so that both meet the same machine.</summary>
internal static class Comparison
{
    private const int Rounds = 5;
    private const int WarmUps = 3;   // until the JIT compiler has optimized the inner loops; the peer runs once before it is ready

    /// <summary>Prints both speeds of each round and the medians.</summary>
    /// <returns>0; 2 where the peer cannot run.</returns>
    public static int Run(string title, string unit, string peerScript, Func<double> ours, params string[] peerArguments)
    {
        try
        {
            using var peer = new Peer(peerScript, peerArguments);
            Print(title, unit, ours, peer);
            return 0;
        }
        catch (Exception e) when (e is Win32Exception or PeerException)
        {
            Console.Error.WriteLine($"The Python peer cannot run: {e.Message}");
            Console.Error.WriteLine($"It is started with '{Peer.Python}' (the environment variable PYTHON names another). " +
                "It needs PyTorch, torchvision and scikit-learn, on Debian python3-torch, python3-torchvision and python3-sklearn.");
            return 2;
        }
    }

    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static void Print(string title, string unit, Func<double> ours, Peer peer)
    {
        Console.WriteLine($"{title}, {Environment.ProcessorCount} threads; peer: {peer.Name}");
        Console.WriteLine($"{"round",5}{"ours " + unit + "/s",20}{"peer " + unit + "/s",20}{"ratio",10}");
        for (int i = 0; i < WarmUps; i++) ours();
        var rounds = new (double Ours, double Peer)[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            rounds[i] = (ours(), peer.Run());
            Line((i + 1).ToString(CultureInfo.InvariantCulture), rounds[i].Ours, rounds[i].Peer, rounds[i].Ours / rounds[i].Peer);
        }

        Line("median", Median([.. rounds.Select(r => r.Ours)]), Median([.. rounds.Select(r => r.Peer)]), Median([.. rounds.Select(r => r.Ours / r.Peer)]));
    }

    private static void Line(string round, double ours, double peer, double ratio) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round,6}{ours,19:N0}{peer,20:N0}{ratio,10:F2}"));
}
