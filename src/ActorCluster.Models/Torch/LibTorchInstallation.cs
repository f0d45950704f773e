using System.Text.RegularExpressions;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.Torch;

/// <summary>
/// The folder of libtorch's own libraries: the one that comes with a build, or, for a build that carries none (<c>-p:TorchBackend=none</c>), one of an
/// installation of PyTorch.
/// </summary>
/// <param name="Folder">The folder that holds <c>libtorch.so</c>.</param>
/// <param name="Version">The version that the installation names, such as <c>2.11.0+cu130</c>; null for the libtorch that comes along, which TorchSharp knows.</param>
internal sealed partial record LibTorchInstallation(string Folder, string? Version)
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "ACTORCLUSTER_LIBTORCH";

    private const string Stage = "torch";
    private const string Library = "libtorch.so";

    /// <summary>
    /// The versions with which the encoders' results were compared to the references. Others may load all the same and compute nonsense: nothing in a C++ library
    /// tells that a structure has another layout.
    /// </summary>
    private static readonly string[] Known = ["2.10.", "2.11."];

    // In the order of their needs: loaded so by full path, each finds the others, and they serve a TorchSharp that lies elsewhere. CUDA's own libraries are found
    // by what is written in those that need them.
    private static readonly string[] InOrder = ["libgomp*.so*", "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", Library];

    /// <summary>The libraries to load, first to last.</summary>
    public IEnumerable<string> Libraries => InOrder.SelectMany(pattern => Directory.EnumerateFiles(Folder, pattern));

    /// <summary>Finds the folder.</summary>
    /// <param name="shipped">Where TorchSharp's native library is, and with it the libtorch of builds that carry one.</param>
    /// <param name="named">What <see cref="Variable"/> says; null or empty where it says nothing.</param>
    /// <exception cref="EnvironmentFaultException">There is none, there are two, or the version is unknown; says what to do.</exception>
    public static LibTorchInstallation Find(string shipped, string? named)
    {
        var carried = File.Exists(Path.Combine(shipped, Library));
        if (string.IsNullOrEmpty(named))
        {
            return carried
                ? new LibTorchInstallation(shipped, null)
                : throw Fault($"this build carries no libtorch, and {Variable} names none.", $"Set {Variable} to the folder torch/lib of an installation of PyTorch.");
        }

        // TorchSharp looks beside itself first, and a process cannot hold two.
        if (carried)
        {
            throw Fault($"{Variable} is set, but this build carries a libtorch of its own.", "Unset it, or use a build without one (-p:TorchBackend=none).");
        }

        if (!Path.IsPathFullyQualified(named) || !File.Exists(Path.Combine(named, Library)))
        {
            throw Fault($"{Variable} is {Quoted.Text(named)}, which is no full path of a folder with {Library}.", "Set it to the folder torch/lib of an installation of PyTorch.");
        }

        var version = VersionOf(named)
            ?? throw Fault($"neither version.py nor build-version beside {Quoted.Text(named)} says which version of libtorch that is.", "Set it to the folder torch/lib of an installation of PyTorch.");
        return Known.Any(known => version.StartsWith(known, StringComparison.Ordinal))
            ? new LibTorchInstallation(named, version)
            : throw Fault($"{Variable} names libtorch {version}; this build knows {string.Join(" and ", Known.Select(known => known + "x"))}.", "Install such a version of PyTorch.");
    }

    /// <summary>PyTorch's packages write the version into Python source, libtorch's archives into a text file; both beside the folder <c>lib</c>.</summary>
    private static string? VersionOf(string folder)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) ?? folder;
        foreach (var (file, pattern) in new[] { ("version.py", PythonVersion()), ("build-version", PlainVersion()) })
        {
            var path = Path.Combine(parent, file);
            try
            {
                if (File.Exists(path) && pattern.Match(File.ReadAllText(path)) is { Success: true } match)
                {
                    return match.Groups[1].Value;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Fault($"{Quoted.Text(path)} cannot be read: {Quoted.Text(e.Message)}", "Make it readable.");
            }
        }

        return null;
    }

    private static EnvironmentFaultException Fault(string cause, string remedy) => new(Stage, $"libtorch cannot be loaded: {cause}", remedy);

    [GeneratedRegex(@"^__version__ = '([0-9A-Za-z.+]{1,40})'", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"\A([0-9A-Za-z.+]{1,40})\s*\z")]
    private static partial Regex PlainVersion();
}
