using ActorCluster.Models.Torch;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Tests.Trials;
using TorchSharp;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>Beside no training, whose tensors would be counted, too.</summary>
[Collection(TrialCollection.Name)]
public sealed class NativeHeapTests
{
    private const int Megabytes = 200;

    [Fact]
    public void Trim_TensorsOfAThreadThatHasEnded_AreReturnedToTheSystem()
    {
        TorchRuntime.Load();
        torch.Tensor? last = null;
        var thread = new Thread(() =>
        {
            // From its size on, such as are freed come from a heap afterwards (mallopt(3), M_MMAP_THRESHOLD), whose free pages below the last one stay.
            torch.zeros(4 << 20).Dispose();
            torch.Tensor[] tensors = [.. Enumerable.Range(0, Megabytes).Select(_ => torch.ones(1 << 18))];
            last = torch.ones(1 << 10);
            foreach (var tensor in tensors)
            {
                tensor.Dispose();
            }
        });
        thread.Start();
        thread.Join();
        using (last)
        {
            var kept = ResidentMegabytes();
            NativeHeap.Trim();
            Assert.InRange(kept - ResidentMegabytes(), Megabytes / 2, 10_000);
        }
    }

    private static long ResidentMegabytes() =>
        File.ReadLines("/proc/self/status").Where(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])).Single() / 1024;
}
