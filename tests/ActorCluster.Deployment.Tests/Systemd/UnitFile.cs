namespace ActorCluster.Deployment.Tests.Systemd;

/// <summary>A systemd unit file. It knows the sections and keys that the project uses and refuses all others, and keys that are there twice.</summary>
internal sealed class UnitFile
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["Unit"] = ["Description", "Documentation", "Wants", "After", "StartLimitIntervalSec"],
        ["Service"] =
        [
            "Type", "User", "Group", "EnvironmentFile", "ExecStart", "WorkingDirectory", "Restart", "RestartForceExitStatus", "RestartPreventExitStatus", "RestartSec", "KillMode",
            "KillSignal", "TimeoutStopSec", "OOMPolicy", "LimitNOFILE", "NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "ReadWritePaths", "ProtectHome", "PrivateTmp",
            "ProtectProc", "ProtectClock", "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "LockPersonality",
            "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber", "UMask",
        ],
        ["Install"] = ["WantedBy"],
    };

    private readonly Dictionary<string, string> _values = [];

    /// <summary>Reads a unit file.</summary>
    /// <exception cref="FormatException">A line is none that is known.</exception>
    public static UnitFile Parse(string text)
    {
        var unit = new UnitFile();
        var section = "";
        foreach (var line in text.Split('\n').Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
        {
            if (line[0] == '[')
            {
                section = line.Trim('[', ']');
                continue;
            }

            var parts = line.Split('=', 2);
            if (!Known.TryGetValue(section, out var keys) || parts.Length < 2 || !keys.Contains(parts[0], StringComparer.Ordinal) || !unit._values.TryAdd($"{section}.{parts[0]}", parts[1]))
            {
                throw new FormatException($"'{line}' in [{section}] is not known here, or is there twice.");
            }
        }

        return unit;
    }

    public string this[string key] => _values["Service." + key];
}
