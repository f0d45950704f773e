using System.Diagnostics;
using ActorCluster.Core.Faults;

namespace ActorCluster.Storage.Tests;

public sealed class DataLockTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Acquire_Held_IsRefusedWithTheHoldersName()
    {
        using var held = DataLock.Acquire(folder.Path, "process --run first");

        var fault = Assert.Throws<EnvironmentFaultException>(() => DataLock.Acquire(folder.Path, "process --run second"));

        Assert.Contains($"in use by process {Environment.ProcessId} on {Environment.MachineName} since ", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("(process --run first)", fault.Cause, StringComparison.Ordinal);
        Assert.Contains("another --data", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_Released_Succeeds()
    {
        DataLock.Acquire(folder.Path, "a longer description of the first").Dispose();
        using var held = DataLock.Acquire(folder.Path, "second");

        var fault = Assert.Throws<EnvironmentFaultException>(() => DataLock.Acquire(folder.Path, "third"));
        Assert.EndsWith("(second).", fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_HolderKilled_Succeeds()
    {
        Directory.CreateDirectory(folder["state"]);
        var start = new ProcessStartInfo("flock") { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["--no-fork", folder["state", "lock"], "sh", "-c", "echo locked; read line"])
        {
            start.ArgumentList.Add(argument);
        }

        using var holder = Process.Start(start)!;
        Assert.Equal("locked", await holder.StandardOutput.ReadLineAsync());
        Assert.Throws<EnvironmentFaultException>(() => DataLock.Acquire(folder.Path, "too early"));

        holder.Kill();
        await holder.WaitForExitAsync();

        DataLock.Acquire(folder.Path, "after").Dispose();
    }

    [Theory]
    [InlineData("nfs")]
    [InlineData("nfs4")]
    [InlineData("cifs")]
    public void RefuseNetworkFileSystem_NetworkFormat_IsTheEnvironmentsFault(string format)
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => DataLock.RefuseNetworkFileSystem("/data/state", format));
        Assert.Contains("local disk", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FolderBelowAFile_NamesTheFolder()
    {
        var file = folder.Touch("file");

        var fault = Assert.Throws<EnvironmentFaultException>(() => new DataDirectory(Path.Combine(file, "data")).Create());

        Assert.Contains(Path.Combine(file, "data"), fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_KernelFolder_IsTheEnvironmentsFault() =>
        Assert.Throws<EnvironmentFaultException>(() => new DataDirectory("/proc/actorcluster").Create());

    [Fact]
    public void Create_NewFolder_LeavesFoldersAndTheMarkerAlone()
    {
        var data = new DataDirectory(folder["data"]);
        data.Create();

        Assert.Equal(data.Marker, folder[Assert.Single(folder.Files())]);
        data.RequirePresent();
        var id = File.ReadAllText(data.Marker);
        data.Create();
        Assert.Equal(id, File.ReadAllText(data.Marker));
        Assert.All([data.Features, data.Runs, data.State], path => Assert.True(Directory.Exists(path)));
    }

    [Fact]
    public void RequirePresent_BareMountPoint_IsTheEnvironmentsFault()
    {
        Directory.CreateDirectory(folder["mount"]);
        var fault = Assert.Throws<EnvironmentFaultException>(() => new DataDirectory(folder["mount"]).RequirePresent());
        Assert.Equal("store", fault.Stage);
    }

    [Fact]
    public void Run_HostileNames_StayInsideTheFolder()
    {
        var run = new DataDirectory(folder.Path).Run("../../etc");

        Assert.Equal(folder["runs"], Path.GetDirectoryName(run.Root));
        Assert.Equal(run.Plans, Path.GetDirectoryName(Path.GetFullPath(run.Plan("../x"))));
        Assert.Equal(run.Predictions, Path.GetDirectoryName(Path.GetFullPath(run.PredictionCsv("/etc/passwd"))));
    }
}
