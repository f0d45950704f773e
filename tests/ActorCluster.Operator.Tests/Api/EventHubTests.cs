using System.Text;
using System.Threading.Channels;

namespace ActorCluster.Operator.Tests.Api;

public sealed class EventHubTests
{
    [Fact]
    public async Task Follow_NothingNew_BringsACommentNowAndThen()
    {
        var hub = new EventHub { Every = TimeSpan.FromMilliseconds(10), HeartbeatAfter = TimeSpan.FromMilliseconds(200) };
        var source = new Source();
        await source.Looks.Writer.WriteAsync([ServerEvent.State("state", new { A = 1 })]);
        var reader = hub.Follow("x", () => source)!;
        await using var frames = reader.ReadAsync(CancellationToken.None).GetAsyncEnumerator();

        Assert.Equal(":\n\n", await NextAsync(frames)); // It is heard.
        Assert.Matches("""^event: state\ndata: \{"at":"20[0-9TZ:.-]+","a":1\}\n\n$""", await NextAsync(frames));
        source.Repeats = [ServerEvent.State("state", new { A = 1 })];
        await source.Looks.Writer.WriteAsync(source.Repeats);
        Assert.Equal(":\n\n", await NextAsync(frames));
        hub.Leave("x", reader);
        Assert.Equal(0, hub.Readers);
    }

    [Fact]
    public async Task Follow_ReaderThatDoesNotRead_IsLetGoAndHoldsUpNobody()
    {
        var hub = new EventHub { Every = TimeSpan.FromMilliseconds(1) };
        var source = new Source();
        var (slow, quick) = (hub.Follow("x", () => source)!, hub.Follow("x", () => throw new InvalidOperationException("There is one already."))!);
        await using var frames = quick.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(frames);
        for (var i = 0; i < 20; i++)
        {
            await source.Looks.Writer.WriteAsync([ServerEvent.News("news", new { I = i })]);
            Assert.Equal($"event: news\ndata: {{\"i\":{i}}}\n\n", await NextAsync(frames));
        }

        var read = 0;
        await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await foreach (var _ in slow.ReadAsync(CancellationToken.None))
            {
                read++;
            }
        });
        Assert.InRange(read, 1, 16);
        hub.Leave("x", slow);
        hub.Leave("x", quick);
    }

    [Fact]
    public async Task Leave_TheLast_EndsTheLooking()
    {
        var hub = new EventHub { Every = TimeSpan.FromMilliseconds(1) };
        var source = new Source();
        var reader = hub.Follow("x", () => source)!;
        hub.Leave("x", reader);

        await source.Gone.Task.WaitAsync(Deadline.After);
    }

    [Fact]
    public async Task Follow_AfterAnEnd_LooksAnew()
    {
        var hub = new EventHub { Every = TimeSpan.FromMilliseconds(1) };
        var first = new Source();
        await first.Looks.Writer.WriteAsync(null);
        var reader = hub.Follow("x", () => first)!;
        await foreach (var _ in reader.ReadAsync(CancellationToken.None))
        {
            // To its end.
        }

        var second = new Source();
        await second.Looks.Writer.WriteAsync([ServerEvent.News("news", new { I = 1 })]);
        var again = hub.Follow("x", () => second)!;
        await using var frames = again.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(frames);

        Assert.StartsWith("event: news", await NextAsync(frames));
        hub.Leave("x", reader);
        hub.Leave("x", again);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> frames)
    {
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Deadline.After));
        return Encoding.UTF8.GetString(frames.Current.Span);
    }

    /// <summary>Sees what a test has it see; then the same again, or nothing for ever.</summary>
    private sealed class Source : IEventSource
    {
        public Channel<IReadOnlyList<ServerEvent>?> Looks { get; } = Channel.CreateUnbounded<IReadOnlyList<ServerEvent>?>();

        public IReadOnlyList<ServerEvent>? Repeats { get; set; }

        public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IReadOnlyList<ServerEvent>?> LookAsync(CancellationToken cancellation)
        {
            try
            {
                return Repeats ?? await Looks.Reader.ReadAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                Gone.TrySetResult();
                throw;
            }
        }
    }
}
