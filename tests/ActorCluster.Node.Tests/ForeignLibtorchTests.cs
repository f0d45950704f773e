namespace ActorCluster.Node.Tests;

/// <summary>A build without libtorch, and one that carries its own, told to use the libtorch of an installation of PyTorch.</summary>
public sealed class ForeignLibtorchTests : IDisposable
{
    private const string Variable = "ACTORCLUSTER_LIBTORCH";
    private static readonly string[] Patterns = ["libgomp*.so*", "libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly string Natives = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Verify_BuildWithoutLibtorch_ComputesWithTheOneThatIsNamed()
    {
        var result = (await RunAsync(Bare(), Installation("2.10.0+cpu"))).Expect(0);

        Assert.Contains("libtorch 2.10.0+cpu, TorchSharp", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BuildWithoutLibtorchAndNoneNamed_SaysWhatToSet() =>
        Assert.Contains($"Set {Variable} to the folder torch/lib", (await RunAsync(Bare(), "")).Expect(1).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Verify_BuildWithItsOwnLibtorch_RefusesASecond() =>
        Assert.Contains("carries a libtorch of its own", (await RunAsync(ActorClusterProcess.Executable, Installation("2.10.0+cpu"))).Expect(1).Error, StringComparison.Ordinal);

    public void Dispose() => _sandbox.Dispose();

    private static Task<ProcessResult> RunAsync(string executable, string libtorch) => ActorClusterProcess.RunAsync(
        ["models", "verify", Path.Combine(AppContext.BaseDirectory, "goldens", "beit-tiny-large-style")],
        environment: new Dictionary<string, string> { [Variable] = libtorch },
        executable: executable);

    /// <summary>What a build with <c>-p:TorchBackend=none</c> is: without the list of its files, of which it would miss some.</summary>
    private string Bare()
    {
        var folder = _sandbox.InFolder("bare");
        Directory.CreateDirectory(folder);
        foreach (var file in (IEnumerable<string>)
            [
                .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"),
                Path.Combine(AppContext.BaseDirectory, "actorcluster.runtimeconfig.json"),
                ActorClusterProcess.Executable,
                Path.Combine(Natives, "libLibTorchSharp.so"),
            ])
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return Path.Combine(folder, "actorcluster");
    }

    /// <summary>The libtorch that these tests carry, laid out like an installation of PyTorch.</summary>
    private string Installation(string version)
    {
        var lib = _sandbox.InFolder("torch/lib");
        Directory.CreateDirectory(lib);
        File.WriteAllText(_sandbox.InFolder("torch/version.py"), $"from typing import Optional\n__version__ = '{version}'\n");
        foreach (var library in Patterns.SelectMany(pattern => Directory.EnumerateFiles(Natives, pattern)))
        {
            File.CreateSymbolicLink(Path.Combine(lib, Path.GetFileName(library)), library);
        }

        return lib;
    }
}
