using System.Net;
using System.Net.Sockets;
using ActorCluster.Core.Faults;
using ActorCluster.Operator.Palettes;
using ActorCluster.Operator.Telemetry;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorCluster.Operator;

/// <summary>
/// The HTTP endpoint that a node serves its operators on: <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>, and <c>/v1</c>, which <c>/v1/openapi.json</c> describes. It can be there before the node is, so that a
/// supervisor sees a node that joins as alive and not ready.
/// </summary>
public sealed class OperatorEndpoint : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OperatorEndpoint(WebApplication server, Uri address) => (_server, Address) = (server, address);

    /// <summary>Where it is reached on this machine.</summary>
    public Uri Address { get; }

    /// <summary>What it answers to.</summary>
    internal IReadOnlyList<Endpoint> Routes => _server.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>Starts it.</summary>
    /// <param name="settings">Where to listen, and what to ask for. Its port is not <see cref="OperatorSettings.NoPort"/>.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="service">The node; null for as long as it has not joined.</param>
    /// <param name="commands">The node's commands; null for as long as it has not joined.</param>
    /// <param name="telemetry">What the process measures; null where there is no <c>/metrics</c>.</param>
    /// <exception cref="EnvironmentFaultException">The address cannot be listened on, anyone could reach it without a token, or its certificate cannot be used.</exception>
    public static async Task<OperatorEndpoint> StartAsync(OperatorSettings settings, DataDirectory data, Func<IRunService?> service, Func<CommandRunner?> commands, NodeTelemetry? telemetry = null)
    {
        if (settings is { IsLoopback: false, Token: null })
        {
            throw new EnvironmentFaultException(
                "operator", $"Anyone who reaches '{settings.Hostname}' could command this node.", "Set operator.token (in the settings file or the environment), or listen on 127.0.0.1.");
        }

        try
        {
            var address = await settings.AddressAsync();
            var certificate = settings.Certificate is null ? null : OperatorCertificate.Load(settings);
            // Empty: no settings but ours, from no file and no variable.
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddRoutingCore();
            builder.Services.AddSingleton<IHostLifetime, NodeLifetime>();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                OperatorLimits.Apply(kestrel);
                kestrel.Listen(address, settings.Port, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate.Apply);
                    }
                });
            });
            var server = builder.Build();
            new OperatorRoutes(settings, data, service, commands).Map(server, telemetry);
            try
            {
                await server.StartAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }

            var port = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            var here = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : address;
            return new OperatorEndpoint(server, new UriBuilder(certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, here.ToString(), port).Uri);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new EnvironmentFaultException(
                "operator",
                $"{settings.Hostname}:{settings.Port} cannot be listened on: {e.Message.TrimEnd('.')}.",
                "Choose another operator.hostname or operator.port (--operator-port; 0 for any free one, -1 for none).",
                e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var within = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _server.StopAsync(within.Token);
        await _server.DisposeAsync();
    }

    /// <summary>Leaves the signals to the node, which goes on answering while it drains.</summary>
    private sealed class NodeLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
