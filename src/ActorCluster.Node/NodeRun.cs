using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Node.Settings;
using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;
using ActorCluster.Operator.Telemetry;
using ActorCluster.Processing.Hosting;
using ActorCluster.Storage;
using Serilog;

namespace ActorCluster.Node;

/// <summary>One life of <c>actorcluster node</c>: joins, serves until it is told to leave or cannot go on, drains, leaves.</summary>
internal static class NodeRun
{
    public static async Task<int> RunAsync(NodeOptions options)
    {
        using var signals = new StopSignals();
        var feed = new LogFeed();
        await using var log = NodeLog.Create(options.Secrets, options.JsonLog, feed);
        Log.Logger = log;
        var words = new NodeLog(Console.Error, options.Secrets);
        try
        {
            return await ServeAsync(options, feed, signals.Stop);
        }
        catch (EnvironmentFaultException e)
        {
            Console.Error.WriteLine($"actorcluster: {words.Clean(e.Message)}");
            return ExitCodes.EnvironmentFailure;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Console.Error.WriteLine($"actorcluster: an unforeseen failure. Nothing that was stored is lost; start the node again, and report this if it comes back. {words.Clean(e.ToString())}");
            return ExitCodes.EnvironmentFailure;
        }
    }

    private static async Task<int> ServeAsync(NodeOptions options, LogFeed feed, CancellationToken stop)
    {
        var settings = options.Settings;
        settings.Inference.RequireDevice();
        var tools = FfmpegTools.Locate();
        var data = new DataDirectory(options.Data);
        data.Create();
        // SQLite is one process's own; with PostgreSQL the folder is everybody's, temporaries of the others included.
        using var dataLock = settings.State is null ? DataLock.Acquire(data.Root, "node") : null;
        if (dataLock is not null)
        {
            AtomicFile.DeleteTemporaries(data.Root);
        }

        ClusterNode? node = null;
        CommandRunner? commands = null;
        var isServed = options.Operator.Port != OperatorSettings.NoPort;
        using var telemetry = NodeTelemetry.Start(isServed, options.Collector, $"{settings.Hostname}:{(settings.Port > 0 ? settings.Port : Environment.ProcessId)}");
        await using var endpoint = isServed ? await OperatorEndpoint.StartAsync(options.Operator, data, () => node, () => commands, telemetry) : null;
        var starting = ClusterNode.StartAsync(data, tools, settings);
        var stopping = Task.Delay(Timeout.Infinite, stop);
        if (await Task.WhenAny(starting, stopping) == stopping)
        {
            Log.Logger.Information("node: told to stop before it has joined");
            Environment.Exit(ExitCodes.Completed); // What starts cannot be called back; nothing is in its hands yet.
        }

        node = await starting;
        commands = new CommandRunner(new PaletteRegistry(NodePalettes.Of(node, node.Control, data, feed)), node);
#if PETABRIDGE_CMD
        PetabridgeCmd.PetabridgeHost.Start(node.System, commands);
#endif
        await using var leaving = node;
        Console.Out.WriteLine(UpLine(node.State, settings, endpoint?.Address));
        if (await Task.WhenAny(node.Stopped, stopping) == stopping || await node.Stopped == NodeExit.ToldToLeave)
        {
            Log.Logger.Information("node: told to stop; drains within {Seconds} s; a second signal stops at once", settings.Timers.Drain.TotalSeconds);
            await node.DrainAsync(settings.Timers.Drain);
            return ExitCodes.Completed;
        }

        var exit = await node.Stopped;
        Log.Logger.Warning("node: {Exit}; start it again", exit);
        if (exit == NodeExit.DeviceFailed)
        {
            await node.DrainAsync(TimeSpan.Zero); // Nothing finishes here any more; what is handed back at once costs no one a suspect.
        }

        return exit == NodeExit.DeviceFailed ? ExitCodes.DeviceFailed : ExitCodes.Removed;
    }

    private static string UpLine(NodeState state, NodeSettings settings, Uri? endpoint)
    {
        var roles = string.Join(",", NodeRoleNames.AllOf(settings.Roles));
        var slots = settings.Roles.HasFlag(NodeRoles.Gpu) ? $", slots {settings.Slots}" : "";
        return $"node {state.Address} is up: roles {roles}{slots}; operator {(endpoint is null ? "none" : endpoint.GetLeftPart(UriPartial.Authority))}";
    }
}
