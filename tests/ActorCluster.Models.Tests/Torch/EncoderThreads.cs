using System.Runtime.InteropServices;
using ActorCluster.Models.Torch;

namespace ActorCluster.Models.Tests.Torch;

/// <summary>Threads of their own for encoders, with one thread of computation each.</summary>
internal static class EncoderThreads
{
    private const int Passes = 50;
    private const int Inputs = 5;

    /// <summary>Requires of 50 passes on each of two threads at once the bits that a thread alone computes.</summary>
    /// <param name="encoders">The two, which share their weights.</param>
    /// <param name="encode">One pass over the input of a number.</param>
    public static void CompareTwoWithAlone<TEncoder>(TEncoder[] encoders, Func<TEncoder, int, float[]> encode)
    {
        var expected = new float[Inputs][];
        Run(() =>
        {
            for (var i = 0; i < Inputs; i++)
            {
                expected[i] = encode(encoders[0], i);
            }
        });
        Assert.All(expected, values => Assert.True(values.All(float.IsFinite)));
        Assert.NotEqual(expected[0], expected[1]);
        var different = new int[encoders.Length];
        using var start = new Barrier(encoders.Length);
        Run([.. encoders.Select((encoder, own) => (Action)(() =>
        {
            start.SignalAndWait();
            for (var pass = 0; pass < Passes; pass++)
            {
                // Never the other's input at that moment, so that a mix-up shows.
                var input = (pass + own) % Inputs;
                if (!MemoryMarshal.AsBytes<float>(encode(encoder, input)).SequenceEqual(MemoryMarshal.AsBytes<float>(expected[input])))
                {
                    different[own]++;
                }
            }
        }))]);

        Assert.All(different, count => Assert.Equal(0, count));
    }

    /// <summary>Runs pieces of work at the same time, each on a thread of its own; fails where one of them does.</summary>
    public static void Run(params Action[] work)
    {
        var failures = new Exception?[work.Length];
        var threads = work.Select((action, i) => new Thread(() =>
        {
            try
            {
                TorchRuntime.UseThreads(1);
                action();
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(failures, Assert.Null);
    }
}
