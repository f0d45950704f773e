using System.Net;
using System.Net.Sockets;
using ActorCluster.Processing.Runs;
using ActorCluster.Tests;

namespace ActorCluster.Operator.Tests;

public sealed class OperatorClientTests
{
    private const string Token = "0123456789abcdef-token";

    [Theory]
    [InlineData("127.0.0.1:9110", true)]
    [InlineData("host-1.example:1", true)]
    [InlineData("[::1]:9110", true)]
    [InlineData("host:80", true)]
    [InlineData("host", false)]
    [InlineData("host:", false)]
    [InlineData("host:0", false)]
    [InlineData("host:70000", false)]
    [InlineData("host:9110/v1", false)]
    [InlineData("user@host:9110", false)]
    [InlineData("http://host:9110", false)]
    [InlineData("a b:9110", false)]
    [InlineData("", false)]
    public void IsNode_Text_IsHostAndPort(string text, bool expected) => Assert.Equal(expected, OperatorClient.IsNode(text));

    [Fact]
    public async Task Any_FirstNodeIsGone_AsksTheNextAndStaysThere()
    {
        await using var host = await OperatorHost.StartAsync();
        using var client = new OperatorClient([$"127.0.0.1:{FreePort()}", host.Node], null);

        Assert.Empty(await client.RunsAsync(CancellationToken.None));
        Assert.Equal(host.Node, client.Node);
    }

    [Fact]
    public async Task Any_NoNodeAnswers_NamesEach()
    {
        var (a, b) = (FreePort(), FreePort());
        using var client = new OperatorClient([$"127.0.0.1:{a}", $"127.0.0.1:{b}"], null);

        var e = await Assert.ThrowsAsync<OperatorUnreachableException>(() => client.RunsAsync(CancellationToken.None));

        Assert.Contains($"127.0.0.1:{a}: Connection refused", e.Message);
        Assert.Contains($"127.0.0.1:{b}: Connection refused", e.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0123456789abcdef-wrong")]
    public async Task Any_WrongToken_IsRefused(string? token)
    {
        await using var host = await OperatorHost.StartAsync(new OperatorSettings { Port = 0, Token = Token });
        using var client = new OperatorClient([host.Node], token);

        var e = await Assert.ThrowsAsync<OperatorRefusedException>(() => client.RunsAsync(CancellationToken.None));

        Assert.Equal((HttpStatusCode.Unauthorized, false), (e.Status, e.IsAskersFault));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")]
    public async Task Any_SomethingElseListens_IsNoNode(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeOnceAsync(listener, answer);
        using var client = new OperatorClient([$"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"], null);

        var e = await Assert.ThrowsAsync<OperatorUnreachableException>(() => client.RunsAsync(CancellationToken.None));

        Assert.Contains("is no node", e.Message);
        await served;
    }

    private static async Task ServeOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync().WaitAsync(Deadline.After);
        await using var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
