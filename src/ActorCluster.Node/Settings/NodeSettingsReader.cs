using System.Collections.Immutable;
using System.Net;
using ActorCluster.Models.Torch;
using ActorCluster.Operator;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Node.Settings;

/// <summary>Makes a node's options out of settings, or says everything that is wrong with them.</summary>
internal static class NodeSettingsReader
{
    private const int LongestWaitSeconds = 600;
    private const int LongestPredictionSeconds = 3600;
    private const string TextLog = "text";
    private const string JsonLog = "json";
    private static readonly string[] RoleNames = [.. NodeRoleNames.AllOf(NodeRoles.All)];

    /// <summary>Reads them.</summary>
    /// <param name="layers">Where settings come from, the strongest first.</param>
    /// <exception cref="UsageException">Some are wrong; the message has a line for each.</exception>
    public static NodeOptions Read(IReadOnlyList<SettingLayer> layers)
    {
        var reader = new SettingReader(layers);
        var roles = reader.List("roles", [.. RoleNames], $"role ({string.Join(", ", RoleNames)})", RoleNames.Contains);
        var defaults = new NodeSettings();
        var settings = new NodeSettings
        {
            Roles = roles.Aggregate(NodeRoles.None, (all, role) => all | NodeRoleNames.Every.First(r => NodeRoleNames.Of(r) == role)),
            Hostname = reader.Text("hostname", defaults.Hostname, "host's name or address that other nodes reach this one at", IsReachableName)!,
            Port = reader.Integer("port", 0, IPEndPoint.MaxPort, defaults.Port),
            Seeds = [.. reader.List("seeds", [], "node's address as host:port", OperatorClient.IsNode).Distinct()],
            State = reader.Secret("state", ConnectionSecrets.Wrong, ConnectionSecrets.Masked),
            Slots = reader.Integer("slots", 1, 256, defaults.Slots),
            DecodeSlots = reader.Integer("decode_slots", 0, 256, defaults.DecodeSlots),
            StagingBytes = reader.Bytes("staging_bytes", 64L << 20, 4L << 40, defaults.StagingBytes),
            Inference = new InferenceSettings(
                reader.Folder("models", null, InferenceOptions.ModelsVariable), reader.Text("device", "cpu", "device; use cpu or cuda:N, such as cuda:0", IsDevice)!, reader.Integer("encoder_threads", 1, 256, 1)),
            Tls = ReadTls(reader),
            Timers = new NodeTimers
            {
                HeartbeatPause = reader.Seconds("timers.heartbeat_pause_seconds", 1, LongestWaitSeconds, defaults.Timers.HeartbeatPause),
                StableAfter = reader.Seconds("timers.stable_after_seconds", 1, LongestWaitSeconds, defaults.Timers.StableAfter),
                Drain = reader.Seconds("timers.drain_seconds", 1, LongestWaitSeconds, defaults.Timers.Drain),
                Patience = reader.Seconds("timers.patience_seconds", 1, LongestWaitSeconds, defaults.Timers.Patience),
                StoreWait = reader.Seconds("timers.store_wait_seconds", 1, LongestWaitSeconds, defaults.Timers.StoreWait),
            },
        };
        var data = reader.Folder("data", "actorcluster-data")!;
        var endpoint = new OperatorSettings
        {
            Hostname = reader.Text("operator.hostname", "127.0.0.1", "host's name or address to listen on", text => Uri.CheckHostName(text) != UriHostNameType.Unknown)!,
            Port = reader.Integer("operator.port", OperatorSettings.NoPort, IPEndPoint.MaxPort, OperatorSettings.DefaultPort),
            Token = reader.Secret("operator.token", WrongToken, _ => "***"),
            Certificate = reader.File("operator.certificate"),
            Key = reader.File("operator.key"),
            Predict = ReadPredict(reader),
        };
        var collector = reader.Secret("telemetry.otlp", WrongCollector, text => text);
        var logFormat = reader.Text("log.format", TextLog, $"format of the log; use {TextLog} or {JsonLog}", text => text is TextLog or JsonLog);
        reader.End();
        CheckTogether(settings, endpoint, reader);
        CheckFiles(["tls.certificate", "tls.key", "tls.ca"], reader);
        CheckFiles(["operator.certificate", "operator.key"], reader);
        return reader.Problems.Count == 0
            ? new NodeOptions(settings, data, endpoint, reader.Effective) { Collector = collector is null ? null : new Uri(collector), JsonLog = logFormat == JsonLog }
            : throw new UsageException(string.Join("\n  ", reader.Problems.Prepend(reader.Problems.Count == 1 ? "a setting is wrong:" : $"{reader.Problems.Count} settings are wrong:")));
    }

    private static void CheckTogether(NodeSettings settings, OperatorSettings endpoint, SettingReader reader)
    {
        if (settings.Roles == NodeRoles.None && !reader.Problems.Any(p => p.StartsWith("roles:", StringComparison.Ordinal)))
        {
            reader.Problems.Add($"roles: a node without a role does nothing; give at least one of {string.Join(", ", RoleNames)} ({reader.PlaceOf("roles")})");
        }

        if (settings is { IsClustered: true, State: null } && !reader.Problems.Any(p => p.StartsWith("state:", StringComparison.Ordinal)))
        {
            reader.Problems.Add($"state: is missing; nodes that join each other (seeds, {reader.PlaceOf("seeds")}) keep their state in one PostgreSQL database: give its connection string (--state or ACTORCLUSTER__STATE)");
        }

        if (IsLoopback(settings.Hostname) && settings.Seeds.FirstOrDefault(s => !IsLoopback(HostOf(s))) is { } seed)
        {
            reader.Problems.Add($"hostname: '{settings.Hostname}' ({reader.PlaceOf("hostname")}) is this machine's own; the seed '{seed}' elsewhere cannot reach it: give the name that other nodes know this machine by (--hostname)");
        }

        if (settings.Inference.ModelsFolder is { } models && !Directory.Exists(models))
        {
            reader.Problems.Add($"models: the folder '{RunWords.OneLine(models)}' does not exist ({reader.PlaceOf("models")})");
        }

        if (endpoint is { IsLoopback: false, Token: null, Port: not OperatorSettings.NoPort } && !reader.Problems.Any(p => p.StartsWith("operator.", StringComparison.Ordinal)))
        {
            reader.Problems.Add($"operator.token: is missing; whoever reaches '{endpoint.Hostname}' (operator.hostname, {reader.PlaceOf("operator.hostname")}) could command this node: give a token in the file or as ACTORCLUSTER__OPERATOR__TOKEN, or listen on 127.0.0.1");
        }
    }

    private static PredictSettings ReadPredict(SettingReader reader)
    {
        var defaults = new PredictSettings();
        return new PredictSettings
        {
            LargestUpload = reader.Bytes("predict.upload_bytes", 1L << 20, 1L << 40, defaults.LargestUpload),
            Within = reader.Seconds("predict.limit_seconds", 1, LongestPredictionSeconds, defaults.Within),
            MostAtOnce = reader.Integer("predict.at_once", 1, 256, defaults.MostAtOnce),
        };
    }

    private static NodeTls? ReadTls(SettingReader reader) =>
        (reader.File("tls.certificate"), reader.File("tls.key"), reader.File("tls.ca")) is ({ } certificate, { } key, { } authorities) ? new NodeTls(certificate, key, authorities) : null;

    /// <summary>Files that are given all or not at all, and are there.</summary>
    private static void CheckFiles(string[] keys, SettingReader reader)
    {
        var paths = keys.Select(k => reader.Effective[k]?["value"]?.GetValue<string>()).ToArray();
        foreach (var (key, path) in keys.Zip(paths).Where(_ => paths.Any(p => p is not null)))
        {
            if (path is null)
            {
                reader.Problems.Add($"{key}: is missing; {string.Join(", ", keys)} belong together");
            }
            else if (!File.Exists(path))
            {
                reader.Problems.Add($"{key}: the file '{RunWords.OneLine(path)}' does not exist ({reader.PlaceOf(key)})");
            }
        }
    }

    private static string? WrongToken(string text) =>
        OperatorSettings.IsToken(text) ? null : $"it must have {OperatorSettings.ShortestToken} to {OperatorSettings.LongestToken} letters, digits or signs, and no spaces";

    /// <summary>What is wrong with a collector's URL, which a password may stand in.</summary>
    private static string? WrongCollector(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri is { UserInfo: "", Query: "" }
            ? null
            : "it is no collector's URL, such as http://collector:4318; what it asks for beside that goes into OTEL_EXPORTER_OTLP_HEADERS";

    private static bool IsDevice(string text)
    {
        try
        {
            _ = TorchDevice.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Any name or address but those that stand for all of a machine's addresses: nobody can be reached at these.</summary>
    private static bool IsReachableName(string text) =>
        Uri.CheckHostName(text) != UriHostNameType.Unknown && !(IPAddress.TryParse(text, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    private static string HostOf(string seed) => seed[..seed.LastIndexOf(':')];

    private static bool IsLoopback(string host) => new OperatorSettings { Hostname = host }.IsLoopback;
}
