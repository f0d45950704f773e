using System.Net;
using System.Net.Sockets;
using ActorCluster.Media;
using ActorCluster.Processing.Hosting;
using ActorCluster.Tests;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>Whole nodes that speak TLS to each other, with their state in a real PostgreSQL.</summary>
[Collection(PostgresTests.Name)]
public sealed class TlsClusterTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Start_SeedWithTls_TakesTheNode()
    {
        using var data = new TempData();
        using var authority = new TestCertificates();
        var state = await postgres.Server.CreateDatabaseAsync();
        var (first, second) = (FreePort(), FreePort());
        await using var seed = await StartAsync(first, "first");
        await using var joining = await StartAsync(second, "second");

        await Soon.Async(() => seed.State is { IsUp: true, Members: 2, Unreachable: 0 } && joining.State is { IsUp: true, Members: 2, Unreachable: 0 });

        Task<ClusterNode> StartAsync(int port, string name)
        {
            var (certificate, key) = authority.Issue(name);
            return ClusterNode.StartAsync(data.Data, FfmpegTools.Locate(), new NodeSettings
            {
                Roles = NodeRoles.Coordinator, Port = port, Seeds = [$"127.0.0.1:{first}"], State = state, Tls = new NodeTls(certificate, key, authority.Authorities),
            });
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
