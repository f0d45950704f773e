using Xunit.Abstractions;

namespace ActorCluster.Media.Tests;

public sealed class FrameReaderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TryReadFrame_ChunksOfEveryKindOfFile_EqualsOneSequentialDecode()
    {
        output.WriteLine("| kind | frames expected | frames got | hashes equal | chunks | seeked | why |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var wrong = new List<string>();
        foreach (var (kind, make) in VideoKinds.All)
        {
            var info = await FrameHashes.Probe(make());
            var expected = FrameHashes.Reference(info);
            var (got, chunks, seeked) = FrameHashes.InChunks(info);
            var equal = expected.SequenceEqual(got);
            output.WriteLine($"| {kind} | {expected.Count} | {got.Count} | {(equal ? "yes" : "NO")} | {chunks} | {seeked} | {info.Seek.Reason} |");
            if (!equal || !got.Select(f => f.Pts).SequenceEqual(info.Timeline.Pts))
            {
                wrong.Add($"{kind}: timeline {info.Timeline.Count}, expected {expected.Count}, got {got.Count}, first difference at {expected.Zip(got).TakeWhile(p => p.First == p.Second).Count()}");
            }
        }

        Assert.Empty(wrong);
    }
}
