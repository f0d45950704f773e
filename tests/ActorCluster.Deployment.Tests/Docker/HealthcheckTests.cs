using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorCluster.Deployment.Tests.Docker;

/// <summary>The health check of the images, run against what answers, what answers badly, what is silent, and nothing.</summary>
public sealed class HealthcheckTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", true)]
    [InlineData("HTTP/1.1 503 Service Unavailable", false)]
    [InlineData("HTTP/1.1 401 Unauthorized", false)]
    [InlineData("220 mail.example.org ESMTP", false)]
    public async Task Check_AnAnswer_IsHealthyOnlyIfItIs200(string status, bool healthy)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var check = CheckAsync(server);
        using var client = await server.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var request = await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            request += "\n" + line;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(status + "\r\nContent-Length: 0\r\n\r\n"));
        var result = await check;

        Assert.Equal(healthy, result.ExitCode == 0);
        Assert.StartsWith("GET /healthz HTTP/1.1\nHost: 127.0.0.1\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SilenceAfterTheConnection_IsUnhealthy()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        Assert.NotEqual(0, (await CheckAsync(server)).ExitCode);
    }

    [Fact]
    public async Task Check_NobodyThere_IsUnhealthy()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = PortOf(server);
        server.Dispose();

        Assert.Equal(1, (await CheckAsync(port)).ExitCode);
    }

    private static Task<Tool> CheckAsync(TcpListener server) => CheckAsync(PortOf(server));

    private static Task<Tool> CheckAsync(string port) => Tool.RunAsync(
        RepositoryFiles.PathOf("docker", "healthcheck.sh"), [], new Dictionary<string, string> { ["ACTORCLUSTER__OPERATOR__PORT"] = port });

    private static string PortOf(TcpListener server) => ((IPEndPoint)server.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
