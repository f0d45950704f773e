using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;
using TorchSharp;

namespace ActorCluster.Models.Torch;

/// <summary>
/// The one way to libtorch. Whatever touches TorchSharp calls <see cref="Load"/> before: TorchSharp's static constructor fails once and for
/// ever in a process where its native library cannot be loaded, and says little of the cause.
/// </summary>
public static class TorchRuntime
{
    private const string Stage = "torch";
    private const string NativeLibraryName = "libLibTorchSharp.so";

    // MKL's name. Left to itself, MKL rounds differently where a row's address is aligned differently: seen on an AMD EPYC with AVX-512. AUTO keeps to one way
    // of the processor's best; on that machine it is as fast.
    private const string ReproducibilityVariable = "MKL_CBWR";
    private static readonly Lock Gate = new();
    private static LibTorchInstallation? loaded;

    /// <summary>What computes, such as <c>libtorch 2.10.0, TorchSharp 0.107.0, MKL_CBWR AUTO</c>: part of an encoder's identity.</summary>
    /// <exception cref="EnvironmentFaultException">As in <see cref="Load"/>.</exception>
    public static string Version
    {
        get
        {
            Load();
            return $"libtorch {loaded!.Version ?? System.Version.Parse(torch.__version__).ToString(3)}, TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, {ReproducibilityVariable} {Reproducibility}";
        }
    }

    private static string Reproducibility => Environment.GetEnvironmentVariable(ReproducibilityVariable) ?? "AUTO";

    /// <summary>Loads libtorch into the process. Does nothing when it has; may be called by several threads at once.</summary>
    /// <exception cref="EnvironmentFaultException">The native libraries are missing or cannot be loaded here; says why and what to do.</exception>
    public static void Load()
    {
        lock (Gate)
        {
            if (loaded is null)
            {
                // MKL asks the C library, which does not see what .NET sets.
                _ = SetEnvironment(ReproducibilityVariable, Reproducibility, overwrite: 0);
                var folder = FindFolder();
                var libtorch = LibTorchInstallation.Find(folder, Environment.GetEnvironmentVariable(LibTorchInstallation.Variable));
                LoadNatives(folder, libtorch);
                Initialise();
                loaded = libtorch;
            }
        }
    }

    /// <summary>
    /// Sets how many threads the calling thread's forward passes use. OpenMP keeps this number per calling thread, so every encoder's own
    /// thread has its own: call it on that thread, before the first pass. (libtorch gives a thread that has not called it the number
    /// that any thread set last.)
    /// </summary>
    /// <param name="count">Threads, the calling one included; at least 1.</param>
    /// <exception cref="EnvironmentFaultException">As in <see cref="Load"/>.</exception>
    public static void UseThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Load();
        // The first question on a thread takes over the number set last by any; asked later, it would undo ours.
        _ = torch.get_num_threads();
        torch.set_num_threads(count);
    }

    /// <summary>What to say when libtorch fails in the middle of its work, which for a model that was loaded means want of memory.</summary>
    /// <param name="what">What failed, such as <c>BEiT's forward pass failed</c>.</param>
    /// <param name="e">libtorch's own exception.</param>
    internal static EnvironmentFaultException Fault(string what, ExternalException e) =>
        new("encode", $"{what}: {e.Message.Split('\n')[0]}", "Check the free memory of machine and device and try again.", e);

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);

    private static string FindFolder()
    {
        string[] folders = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, NativeLibraryName)))
            ?? throw new EnvironmentFaultException(
                Stage,
                $"{NativeLibraryName} is in none of {string.Join(", ", folders)}.",
                "Install ActorCluster again, or build it for linux-x64.");
    }

    private static void LoadNatives(string folder, LibTorchInstallation libtorch)
    {
        try
        {
            foreach (var library in libtorch.Libraries)
            {
                NativeLibrary.Load(library);
            }
        }
        catch (DllNotFoundException e)
        {
            throw new EnvironmentFaultException(
                Stage, $"libtorch cannot be loaded: {Reason(e)}", "Install what is missing, or use a system with glibc 2.28 or later on x86-64.", e);
        }

        var original = Path.Combine(folder, NativeLibraryName);
        try
        {
            NativeLibrary.Load(original);
        }
        catch (DllNotFoundException e) when (Reason(e).Contains(LibTorchSharpPatch.MissingVersion, StringComparison.Ordinal))
        {
            LoadPatched(original, e);
        }
        catch (DllNotFoundException e)
        {
            throw new EnvironmentFaultException(
                Stage, $"TorchSharp cannot be loaded: {Reason(e)}", "Use a system with glibc 2.34 or later on x86-64, such as Debian 12 or Ubuntu 22.04.", e);
        }
    }

    private static void LoadPatched(string original, Exception cause)
    {
        try
        {
            if (PatchedLibraryCache.UserFolder() is not { } folder || !TryProvide(original, folder, out var path))
            {
                // Loaded, the file is no longer needed under its name.
                var temporary = Directory.CreateTempSubdirectory("actorcluster-native-");
                try
                {
                    NativeLibrary.Load(PatchedLibraryCache.Provide(original, temporary.FullName));
                }
                finally
                {
                    temporary.Delete(recursive: true);
                }
            }
            else
            {
                NativeLibrary.Load(path);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException(
                Stage,
                $"TorchSharp needs GCC 13's libstdc++ ({Reason(cause)}), and {original} could not be adapted to this system's: {e.Message}",
                "Use a system with GCC 13's libstdc++, such as Debian 13 or Ubuntu 24.04.",
                e);
        }
    }

    private static bool TryProvide(string original, string folder, out string path)
    {
        try
        {
            path = PatchedLibraryCache.Provide(original, folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            path = "";
            return false;
        }
    }

    private static void Initialise()
    {
        try
        {
            _ = torch.get_num_threads();
        }
        catch (TypeInitializationException e)
        {
            throw new EnvironmentFaultException(
                Stage, $"TorchSharp does not start: {(e.InnerException ?? e).Message}", "Restart the process; if it lasts, install ActorCluster again.", e);
        }
    }

    // The runtime's message lists every file that it tried; the loader's own line about a version or a library is the reason.
    private static string Reason(Exception e) =>
        e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(line => line.Contains("not found", StringComparison.Ordinal) || line.Contains("cannot open", StringComparison.Ordinal))
        ?? e.Message;
}
