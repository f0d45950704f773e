using System.Globalization;
using ActorCluster.Deployment.Tests.Settings;
using ActorCluster.Node;

namespace ActorCluster.Deployment.Tests.Systemd;

public sealed class UnitFileTests
{
    private static readonly string Path = RepositoryFiles.PathOf("deploy", "systemd", "actorcluster@.service");
    private static readonly UnitFile Unit = UnitFile.Parse(File.ReadAllText(Path));

    [Fact]
    public void Restart_FollowsTheExitCodes()
    {
        Assert.Equal("on-failure", Unit["Restart"]);
        Assert.Equal([ExitCodes.DeviceFailed, ExitCodes.Removed], Numbers("RestartForceExitStatus"));
        Assert.Equal([ExitCodes.Usage], Numbers("RestartPreventExitStatus"));
    }

    [Fact]
    public void Stop_AsksTheNodeAlone_AndWaitsForDrainingAndLeaving()
    {
        Assert.Equal("SIGTERM", Unit["KillSignal"]);
        // With control-group, systemd's default, ffmpeg processes would be told to stop under the node's feet.
        Assert.Equal("mixed", Unit["KillMode"]);
        Assert.True(int.Parse(Unit["TimeoutStopSec"], CultureInfo.InvariantCulture) > StopTime.OfDefaults);
    }

    [Fact]
    public async Task ExecStart_IsACommandThatTheProductTakes()
    {
        var words = Unit["ExecStart"].Split(' ');

        Assert.Equal("actorcluster", System.IO.Path.GetFileName(words[0]));
        Assert.Equal(["node", "--config", "/etc/actorcluster/%i.json"], words[1..]);
        await EffectiveSettings.OfAsync(["--config", RepositoryFiles.PathOf("configs", "node.json")]);
    }

    [Fact]
    public void Writing_IsAllowedInTheDataFolderAlone()
    {
        Assert.Equal("strict", Unit["ProtectSystem"]);
        Assert.Equal(Unit["WorkingDirectory"], Unit["ReadWritePaths"]);
        Assert.Equal("", Unit["CapabilityBoundingSet"]);
        Assert.NotEqual("root", Unit["User"]);
    }

    /// <summary>Where systemd is installed it has the last word on its own format.</summary>
    [Fact]
    public async Task Parse_AsSystemdDoesIt_FindsNothingWrong()
    {
        const string Systemd = "/usr/bin/systemd-analyze";
        var folder = Directory.CreateTempSubdirectory("actorcluster-unit-");
        try
        {
            // The program is not installed here, and systemd looks for it.
            var unit = System.IO.Path.Combine(folder.FullName, "actorcluster@test.service");
            await File.WriteAllTextAsync(unit, File.ReadAllText(Path).Replace("/opt/actorcluster/actorcluster", "/bin/true", StringComparison.Ordinal));
            var said = File.Exists(Systemd) ? await Tool.RunAsync(Systemd, ["verify", "--man=no", unit]) : new Tool(0, "", "");

            Assert.Equal("", said.Error);
            Assert.Equal(0, said.ExitCode);
            Assert.Contains("ExecStart=/bin/true node", await File.ReadAllTextAsync(unit), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("[Service]\nRestrt=always")]
    [InlineData("[Service]\nUser=a\nUser=b")]
    [InlineData("[Services]\nUser=a")]
    [InlineData("[Service]\nUser")]
    public void Parse_ALineThatIsNotKnownOrThereTwice_IsRefused(string text) => Assert.Throws<FormatException>(() => UnitFile.Parse(text));

    private static IEnumerable<int> Numbers(string key) => Unit[key].Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture));
}
