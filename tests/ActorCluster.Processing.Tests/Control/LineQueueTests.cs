using ActorCluster.Processing.Control;

namespace ActorCluster.Processing.Tests.Control;

public sealed class LineQueueTests
{
    [Fact]
    public async Task Read_FasterThanItIsRead_KeepsTheFirstAndTellsHowManyAreLeftOut()
    {
        var queue = new LineQueue();
        for (var i = 0; i < 1_500; i++)
        {
            queue.Write($"{i}");
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var read = new List<string>();
        await foreach (var line in queue.ReadAsync(deadline.Token))
        {
            read.Add(line);
            if (line.StartsWith('('))
            {
                break;
            }
        }

        Assert.Equal([.. Enumerable.Range(0, 1_000).Select(i => $"{i}"), "(500 lines left out: they came faster than they could be shown)"], read);
    }

    [Fact]
    public async Task Read_ReaderWaits_GetsALineWhenItComesAndEndsWhenTheReaderGoes()
    {
        var queue = new LineQueue();
        using var gone = new CancellationTokenSource();
        await using var lines = queue.ReadAsync(gone.Token).GetAsyncEnumerator();
        var next = lines.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        queue.Write("news");
        Assert.True(await next);
        Assert.Equal("news", lines.Current);
        next = lines.MoveNextAsync().AsTask();
        await gone.CancelAsync();
        Assert.False(await next);
    }
}
