using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;
using ActorCluster.Operator.Telemetry;
using ActorCluster.Processing.Runs;
using ActorCluster.Storage;

namespace ActorCluster.Tests;

/// <summary>A real endpoint over <see cref="HandWrittenRuns"/>, with a data folder of its own.</summary>
internal sealed class OperatorHost : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("actorcluster-operator-").FullName;

    private OperatorHost(HandWrittenRuns runs)
    {
        Runs = runs;
        Data = new DataDirectory(_root);
        Data.Create();
    }

    public HandWrittenRuns Runs { get; }

    public DataDirectory Data { get; }

    public OperatorEndpoint Endpoint { get; private set; } = null!;

    public Uri Address => Endpoint.Address;

    /// <summary>As <c>--node</c> takes it.</summary>
    public string Node => Address.Authority;

    public static async Task<OperatorHost> StartAsync(OperatorSettings? settings = null, HandWrittenRuns? runs = null, bool joined = true, NodeTelemetry? telemetry = null, params ICommandHandler[] handlers)
    {
        var host = new OperatorHost(runs ?? new HandWrittenRuns());
        var commands = new CommandRunner(new PaletteRegistry(handlers.Length > 0 ? handlers : [new RunPalette(host.Runs, new NoNodes(), host.Data)]), host.Runs);
        host.Endpoint = await OperatorEndpoint.StartAsync(settings ?? new OperatorSettings { Port = 0 }, host.Data, () => joined ? host.Runs : null, () => joined ? commands : null, telemetry);
        return host;
    }

    /// <inheritdoc cref="HandWrittenRuns.End"/>
    public void End(string run, int completed, int quarantined = 0) => Runs.End(Data, run, completed, quarantined);

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
