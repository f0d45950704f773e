using System.Text.Json.Nodes;
using ActorCluster.Node.Settings;
using ActorCluster.Operator;
using ActorCluster.Processing.Hosting;

namespace ActorCluster.Node.Tests.Settings;

public sealed class NodeSettingsReaderTests : IDisposable
{
    private const string State = "Host=db;Database=actorcluster;Username=actorcluster;Password=hunter22";
    private readonly string _folder = Directory.CreateTempSubdirectory("actorcluster-settings-").FullName;

    public static TheoryData<string, string, string> WrongKeys => new()
    {
        { "roles", "boss", "roles: 'boss' is no role (coordinator, worker, gpu)" },
        { "roles", "worker,GPU", "roles: 'GPU' is no role (coordinator, worker, gpu)" },
        { "roles", ",", "roles: a node without a role does nothing" },
        { "hostname", "a b", "hostname: 'a b' is no host's name" },
        { "hostname", "0.0.0.0", "hostname: '0.0.0.0' is no host's name or address that other nodes reach this one at" },
        { "port", "-1", "port: '-1' is no whole number from 0 to 65535" },
        { "port", "65536", "port: '65536' is no whole number from 0 to 65535" },
        { "port", "4o53", "port: '4o53' is no whole number" },
        { "seeds", "host", "seeds: 'host' is no node's address as host:port" },
        { "seeds", "host:1,host:0", "seeds: 'host:0' is no node's address as host:port" },
        { "state", "hunter22", "state: it is no connection string" },
        { "state", "Data Source=journal.db", "state: the connection string names no Host" },
        { "device", "gpu", "device: 'gpu' is no device; use cpu or cuda:N" },
        { "encoder_threads", "0", "encoder_threads: '0' is no whole number from 1 to 256" },
        { "slots", "257", "slots: '257' is no whole number from 1 to 256" },
        { "slots", "1.5", "slots: '1.5' is no whole number from 1 to 256" },
        { "decode_slots", "-1", "decode_slots: '-1' is no whole number from 0 to 256" },
        { "staging_bytes", "1M", "staging_bytes: '1M' is no number of bytes between 64 MiB and 4 TiB" },
        { "staging_bytes", "lots", "staging_bytes: 'lots' is no number of bytes" },
        { "models", "/nowhere/at/all", "models: the folder '/nowhere/at/all' does not exist" },
        { "operator.hostname", "a/b", "operator.hostname: 'a/b' is no host's name or address to listen on" },
        { "operator.hostname", "0.0.0.0", "operator.token: is missing; whoever reaches '0.0.0.0'" },
        { "operator.port", "-2", "operator.port: '-2' is no whole number from -1 to 65535" },
        { "operator.token", "short", "operator.token: it must have 16 to 1024 letters" },
        { "operator.token", "with a space 0123456789", "operator.token: it must have 16 to 1024 letters" },
        { "predict.upload_bytes", "1K", "predict.upload_bytes: '1K' is no number of bytes between 1 MiB and 1 TiB" },
        { "predict.limit_seconds", "0", "predict.limit_seconds: '0' is no number of seconds between 1 and 3600" },
        { "predict.at_once", "0", "predict.at_once: '0' is no whole number from 1 to 256" },
        { "timers.heartbeat_pause_seconds", "0", "timers.heartbeat_pause_seconds: '0' is no number of seconds between 1 and 600" },
        { "timers.stable_after_seconds", "5x", "timers.stable_after_seconds: '5x' is no number of seconds between 1 and 600" },
        { "timers.drain_seconds", "601", "timers.drain_seconds: '601' is no number of seconds between 1 and 600" },
        { "timers.patience_seconds", "NaN", "timers.patience_seconds: 'NaN' is no number of seconds between 1 and 600" },
        { "telemetry.otlp", "collector:4318", "telemetry.otlp: it is no collector's URL, such as http://collector:4318" },
        { "telemetry.otlp", "http://user:hunter22@collector", "telemetry.otlp: it is no collector's URL" },
        { "log.format", "xml", "log.format: 'xml' is no format of the log; use text or json" },
        { "timers.store_wait_seconds", "-5", "timers.store_wait_seconds: '-5' is no number of seconds between 1 and 600" },
    };

    [Fact]
    public void Read_Nothing_IsANodeOfItsOwn()
    {
        var options = Read();

        var defaults = new NodeSettings();
        Assert.Equal(NodeRoles.All, options.Settings.Roles);
        Assert.Equal(("127.0.0.1", 0, null), (options.Settings.Hostname, options.Settings.Port, options.Settings.State));
        Assert.Equal((defaults.Slots, defaults.DecodeSlots, defaults.StagingBytes, defaults.Timers), (options.Settings.Slots, options.Settings.DecodeSlots, options.Settings.StagingBytes, options.Settings.Timers));
        Assert.Empty(options.Settings.Seeds);
        Assert.Equal(Path.GetFullPath("actorcluster-data"), options.Data);
        Assert.Equal(("127.0.0.1", 9110, null), (options.Operator.Hostname, options.Operator.Port, options.Operator.Token));
        Assert.All(options.Effective, setting => Assert.Equal("default", setting.Value!["from"]!.GetValue<string>()));
    }

    [Fact]
    public void Read_WholeFile_TakesEveryKey()
    {
        var options = Read(file:
            """
            {
              // Comments help.
              "roles": ["coordinator", "gpu"], "hostname": "host-1", "port": 4053, "seeds": ["host-1:4053", "host-2:4053"],
              "state": "Host=db;Database=actorcluster;Username=actorcluster;Password=hunter22",
              "data": "shared", "models": ".", "device": "cuda:1", "encoder_threads": 2, "slots": 3, "decode_slots": 4, "staging_bytes": "2G",
              "operator": { "hostname": "0.0.0.0", "port": 0, "token": "0123456789abcdef" },
              "predict": { "upload_bytes": "1G", "limit_seconds": 60.5, "at_once": 7 },
              "timers": { "heartbeat_pause_seconds": 1.5, "stable_after_seconds": 2, "drain_seconds": 3, "patience_seconds": 4, "store_wait_seconds": 5 },
              "telemetry": { "otlp": "http://collector:4318" }, "log": { "format": "json" }
            }
            """);

        var settings = options.Settings;
        Assert.Equal(NodeRoles.Coordinator | NodeRoles.Gpu, settings.Roles);
        Assert.Equal(("host-1", 4053, State), (settings.Hostname, settings.Port, settings.State));
        Assert.Equal(["host-1:4053", "host-2:4053"], settings.Seeds.AsEnumerable());
        Assert.Equal((Path.Combine(_folder, "shared"), _folder), (options.Data, settings.Inference.ModelsFolder!));
        Assert.Equal(("cuda:1", 2, 3, 4, 2L << 30), (settings.Inference.Device, settings.Inference.Threads, settings.Slots, settings.DecodeSlots, settings.StagingBytes));
        Assert.Equal(("0.0.0.0", 0, "0123456789abcdef"), (options.Operator.Hostname, options.Operator.Port, options.Operator.Token));
        Assert.Equal(new PredictSettings { LargestUpload = 1L << 30, Within = TimeSpan.FromSeconds(60.5), MostAtOnce = 7 }, options.Operator.Predict);
        Assert.Equal(
            [1.5, 2, 3, 4, 5],
            new[] { settings.Timers.HeartbeatPause, settings.Timers.StableAfter, settings.Timers.Drain, settings.Timers.Patience, settings.Timers.StoreWait }.Select(t => t.TotalSeconds));
        Assert.Equal((new Uri("http://collector:4318"), true), (options.Collector, options.JsonLog));
        Assert.Equal(["hunter22", "0123456789abcdef"], options.Secrets);
    }

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void Read_WrongKey_IsToldWithItsPlace(string key, string value, string says)
    {
        var fromSwitch = Assert.Throws<UsageException>(() => Read(switches: [("--x", key, value)])).Message;
        Assert.Contains(says, fromSwitch);
        Assert.Matches("from (the command line|switch --x)", fromSwitch);

        var json = new JsonObject();
        var parts = key.Split('.');
        (parts.Length == 1 ? json : (json[parts[0]] = new JsonObject()).AsObject())[parts[^1]] = value;
        var fromFile = Assert.Throws<UsageException>(() => Read(file: json.ToJsonString())).Message;
        Assert.Contains(says, fromFile);
        Assert.Matches($"from (the )?file {Path.Combine(_folder, "node.json")}", fromFile);
        Assert.DoesNotContain("hunter22", fromSwitch + fromFile);
    }

    [Fact]
    public void Read_SeveralWrong_TellsAllOfThem()
    {
        var e = Assert.Throws<UsageException>(() => Read(file: """{"port": "x", "slots": 0, "slotz": 1, "timers": {"drain": 5}}"""));

        Assert.Equal(5, e.Message.Split('\n').Length);
        Assert.StartsWith("4 settings are wrong:\n", e.Message);
    }

    [Theory]
    [InlineData("""{"slot": 1}""", "slot: there is no such setting (from the file", "the nearest is slots")]
    [InlineData("""{"timers": {"stable_after": 1}}""", "timers.stable_after: there is no such setting", "the nearest is timers.stable_after_seconds")]
    [InlineData("""{"operator": {"tokn": "0123456789abcdef"}}""", "operator.tokn: there is no such setting", "the nearest is operator.token")]
    [InlineData("""{"seeds": [{"host": "a"}]}""", "seeds.0.host: there is no such setting", "")]
    [InlineData("""{"slots": [1]}""", "slots.0: there is no such setting", "the nearest is slots")]
    [InlineData("""{"red \u001b[31m": 1}""", "red \uFFFD[31m: there is no such setting", "")]
    public void Read_UnknownKey_IsRefusedWithTheNearest(string file, string says, string nearest)
    {
        var message = Assert.Throws<UsageException>(() => Read(file: file)).Message;

        Assert.Contains(says, message);
        Assert.Contains(nearest, message);
    }

    [Theory]
    [InlineData("{", "cannot be used")]
    [InlineData("[]", "cannot be used")]
    [InlineData("{\"port\": 1, \"PORT\": 2}", "cannot be used")]
    [InlineData("{\"timers\": {\"drain_seconds\": 1}, \"timers.drain_seconds\": 2}", "timers.drain_seconds is set twice")]
    public void Read_FileThatIsNone_IsRefused(string file, string says) => Assert.Contains(says, Assert.Throws<UsageException>(() => Read(file: file)).Message);

    [Fact]
    public void Read_MissingFile_IsRefused() =>
        Assert.Contains("'/nowhere/node.json' cannot be used", Assert.Throws<UsageException>(() => SettingLayer.OfFile("/nowhere/node.json")).Message);

    [Fact]
    public void Read_SwitchAndFile_TheSwitchHolds()
    {
        var options = Read(file: """{"slots": 3, "decode_slots": 4}""", switches: [("--slots", "slots", "5")]);

        Assert.Equal((5, 4), (options.Settings.Slots, options.Settings.DecodeSlots));
        Assert.Equal("switch --slots", From(options, "slots"));
        Assert.Equal($"file {Path.Combine(_folder, "node.json")}", From(options, "decode_slots"));
    }

    [Fact]
    public void Read_ListInSwitchAndFile_IsNotMixed()
    {
        var options = Read(file: """{"seeds": ["a:1", "b:2", "c:3"], "hostname": "a"}""", switches: [("--state", "state", State), ("--seed", "seeds:0", "d:4"), ("--seed", "seeds:1", "e:5")]);

        Assert.Equal(["d:4", "e:5"], options.Settings.Seeds.AsEnumerable());
        Assert.Equal("switch --seed", From(options, "seeds"));
    }

    [Theory]
    [InlineData("""{"slots": null, "seeds": [], "hostname": ""}""")]
    [InlineData("""{"timers": {}, "operator": null}""")]
    public void Read_EmptyValues_AreNotSet(string file) => Assert.Equal(new NodeSettings().Slots, Read(file: file).Settings.Slots);

    [Fact]
    public void Read_SeedsWithoutState_NamesKeyAndSwitch()
    {
        var message = Assert.Throws<UsageException>(() => Read(switches: [("--seed", "seeds", "127.0.0.1:4053")])).Message;

        Assert.Contains("state: is missing", message);
        Assert.Contains("PostgreSQL", message);
        Assert.Contains("--state or ACTORCLUSTER__STATE", message);
    }

    [Fact]
    public void Read_SeedElsewhereAndLoopbackHostname_IsRefused() => Assert.Contains(
        "hostname: '127.0.0.1' (the default) is this machine's own; the seed 'host-1:4053' elsewhere cannot reach it",
        Assert.Throws<UsageException>(() => Read(switches: [("--seed", "seeds", "host-1:4053"), ("--state", "state", State)])).Message);

    [Fact]
    public void Read_Secrets_AreMaskedWhereverTheyAreShown()
    {
        var options = Read(file: """{"state": "Host=db;Password=hunter22;SSL Password=hunter33;PWD=hunter44", "operator": {"token": "hunter55-0123456"}}""");

        var shown = options.Effective.ToJsonString();

        Assert.DoesNotContain("hunter", shown);
        Assert.Contains("host=db", shown, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("***", options.Effective["operator.token"]!["value"]!.GetValue<string>());
        Assert.Equal(["hunter22", "hunter33", "hunter44", "hunter55-0123456"], options.Secrets.Order());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string From(NodeOptions options, string key) => options.Effective[key]!["from"]!.GetValue<string>();

    private NodeOptions Read(string? file = null, (string Switch, string Key, string Value)[]? switches = null)
    {
        var layers = new List<SettingLayer> { SettingLayer.OfSwitches(switches ?? []) };
        if (file is not null)
        {
            var path = Path.Combine(_folder, "node.json");
            File.WriteAllText(path, file);
            layers.Add(SettingLayer.OfFile(path));
        }

        return NodeSettingsReader.Read(layers);
    }
}
