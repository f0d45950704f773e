using System.CommandLine;
using ActorCluster.Node.Settings;

namespace ActorCluster.Node;

/// <summary>The command line of <c>actorcluster node</c>.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Settings file (JSON). Paths in it are relative to it.", HelpName = "file" };
        var print = new Option<bool>("--print-config") { Description = "Print the settings that would hold, where each comes from, and start nothing. Secrets are masked." };
        var roles = One("--roles", "What the node does: coordinator, worker, gpu, with commas between. By default all of it.", "roles");
        roles.CompletionSources.Add("coordinator", "worker", "gpu", "coordinator,worker,gpu");
        var device = Many("--device", "What large networks run on: cpu, or cuda:N. One process per device.", "device");
        device.Validators.Add(result =>
        {
            if (result.Tokens.Count > 1)
            {
                result.AddError("--device: one process per device; start a node of its own for every further one.");
            }
        });
        (string Key, Option Option)[] switches =
        [
            ("roles", roles),
            ("hostname", One("--hostname", "Name or address that the other nodes reach this one at. By default 127.0.0.1.", "host")),
            ("port", One("--port", "TCP port of the cluster's protocol; 0, the default, for any free one.", "port")),
            ("seeds", Many("--seed", "Nodes to join at; the first may found the cluster. Without, the node is a cluster of its own.", "host:port")),
            ("state", One("--state", "Connection string of the PostgreSQL database that all nodes share. Better in the file or the environment: switches are seen by everyone on the machine.", "connection")),
            ("data", One("--data", "Data folder; one shared folder for all nodes of a cluster. By default actorcluster-data.", "folder")),
            ("models", One("--models", $"Folder of models that pipelines name without a path. By default {InferenceOptions.ModelsVariable} of the environment.", "folder")),
            ("device", device),
            ("encoder_threads", One("--encoder-threads", "CPU threads of each large network. Last bits depend on it: the same on every node.", "n")),
            ("slots", One("--slots", "Units of work at a time, on a gpu node. By default one per processor.", "n")),
            ("decode_slots", One("--decode-slots", "Units that a worker decodes at a time for other nodes. By default 0.", "n")),
            ("operator.port", One("--operator-port", "Port for operators on 127.0.0.1 (or operator.hostname): 9110 by default, 0 for any free one, -1 for none.", "port")),
        ];
        var command = new Command(
            "node",
            """
            Run one node of a cluster until it is told to leave (SIGTERM, Ctrl-C).

            Examples:
              actorcluster node                                      all of it on this machine, state in SQLite
              actorcluster node --hostname host-2 --port 4053 --seed host-1:4053 --data /shared/data

            Every switch is also a key of the settings file and a variable: --decode-slots is
            "decode_slots" and ACTORCLUSTER__DECODE_SLOTS; --operator-port is {"operator": {"port": …}}
            and ACTORCLUSTER__OPERATOR__PORT. Switches go before variables, variables before the file.

            Exit codes: 0 left when told to, 1 the environment failed at start, 2 wrong settings,
            4 the device failed, 5 the cluster went on without it. After 4 and 5: start it again.
            """)
        {
            config, print,
        };
        foreach (var (_, option) in switches)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, _) =>
        {
            var given = switches.SelectMany(s => Given(parsed, s.Key, s.Option)).ToList();
            SettingLayer[] layers =
                [SettingLayer.OfSwitches(given), SettingLayer.OfEnvironment(), .. parsed.GetValue(config) is { } file ? (SettingLayer[])[SettingLayer.OfFile(file)] : []];
            var options = NodeSettingsReader.Read(layers);
            return parsed.GetValue(print) ? Task.FromResult(Print(options)) : NodeRun.RunAsync(options);
        });
        return command;
    }

    private static Option<string?> One(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description, HelpName = help, AllowMultipleArgumentsPerToken = true };

    /// <summary>What a switch was given, as settings are: their own rules judge it, so that a wrong value is told in one way wherever it comes from.</summary>
    private static IEnumerable<(string Switch, string Key, string Value)> Given(ParseResult parsed, string key, Option option)
    {
        var values = parsed.GetResult(option)?.Tokens.Select(t => t.Value).ToList() ?? [];
        return values.Count == 1 ? [(option.Name, key, values[0])] : values.Select((value, i) => (option.Name, $"{key}:{i}", value));
    }

    private static int Print(NodeOptions options)
    {
        Console.Out.WriteLine(options.Effective.ToJsonString(JsonOutput.Readable));
        return ExitCodes.Completed;
    }
}
