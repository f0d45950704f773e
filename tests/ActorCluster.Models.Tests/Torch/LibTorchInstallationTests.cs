using ActorCluster.Core.Faults;
using ActorCluster.Models.Torch;

namespace ActorCluster.Models.Tests.Torch;

public sealed class LibTorchInstallationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("libtorch-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("version.py", "from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '2.11.0+cu130'\ndebug = False\n", "2.11.0+cu130")]
    [InlineData("version.py", "__version__ = '2.10.1'\r\n", "2.10.1")]
    [InlineData("build-version", "2.10.0+cu130\n", "2.10.0+cu130")]
    public void Find_InstallationOfPyTorch_KnowsItsVersion(string file, string text, string version)
    {
        File.WriteAllText(In(file), text);

        Assert.Equal(new LibTorchInstallation(Lib(), version), LibTorchInstallation.Find(Empty(), Lib()));
    }

    [Fact]
    public void Libraries_CudaInstallation_ComeInTheOrderOfTheirNeeds()
    {
        foreach (var name in new[] { "libtorch_cuda.so", "libtorch_cpu.so", "libgomp-98b21ff3.so.1", "libc10.so", "libc10_cuda.so", "libtorch_python.so" })
        {
            File.WriteAllText(Path.Combine(Lib(), name), "");
        }

        Assert.Equal(
            ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"],
            new LibTorchInstallation(Lib(), "2.11.0").Libraries.Select(Path.GetFileName));
    }

    [Fact]
    public void Find_NothingNamed_TakesTheOneThatComesAlong() => Assert.Equal(new LibTorchInstallation(Lib(), null), LibTorchInstallation.Find(Lib(), null));

    [Fact]
    public void Find_NothingNamedAndNoneAlong_SaysWhatToSet() => Refused(Empty(), "", "carries no libtorch", "ACTORCLUSTER_LIBTORCH");

    [Fact]
    public void Find_NamedBesideTheOneThatComesAlong_IsRefused() => Refused(Lib(), Lib(), "of its own", "TorchBackend=none");

    [Fact]
    public void Find_FolderWithoutLibtorch_IsRefusedWithoutItsControlCharacters() => Refused(Empty(), "/tmp/\u001b[31m", "'/tmp/?[31m'", "torch/lib");

    [Fact]
    public void Find_RelativePath_IsRefused() => Refused(Empty(), "torch/lib", "no full path", "torch/lib");

    [Fact]
    public void Find_NoVersion_IsRefused() => Refused(Empty(), Lib(), "neither version.py nor build-version", "torch/lib");

    [Theory]
    [InlineData("__version__ = '2.9.1'")]
    [InlineData("__version__ = '2.1100.0'")]
    [InlineData("__version__ = '3.0.0'")]
    public void Find_VersionThatWasNeverChecked_IsRefused(string text)
    {
        File.WriteAllText(In("version.py"), text);

        Refused(Empty(), Lib(), "this build knows 2.10.x", "Install such a version");
    }

    private static void Refused(string shipped, string named, string cause, string remedy)
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => LibTorchInstallation.Find(shipped, named));
        Assert.Contains(cause, fault.Cause, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Empty() => Directory.CreateDirectory(In("empty")).FullName;

    private string Lib()
    {
        var lib = Directory.CreateDirectory(In("lib")).FullName;
        File.WriteAllText(Path.Combine(lib, "libtorch.so"), "");
        return lib;
    }
}
