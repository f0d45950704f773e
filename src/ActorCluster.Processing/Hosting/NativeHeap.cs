using System.Runtime.InteropServices;

namespace ActorCluster.Processing.Hosting;

/// <summary>
/// The C library's heap, which libtorch's tensors, SQLite's pages and ONNX Runtime's buffers come from. It keeps what is freed for the arena, and so mostly for the thread, that it
/// was allocated by: a training's hundreds of megabytes stay with the process when its thread has ended, and the next training's thread may get another of up to eight
/// arenas a processor.
/// </summary>
public static partial class NativeHeap
{
    private const int ArenaMax = -8; // M_ARENA_MAX in glibc's malloc.h.
    private const int Arenas = 2;

    /// <summary>
    /// Has threads that are started from now on share a few arenas: to be called before there are any. Each video is read by threads of its own: with an arena each, what
    /// they leave in it would grow with the hours.
    /// </summary>
    public static void LimitArenas()
    {
        try
        {
            _ = mallopt(ArenaMax, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, with another heap.
        }
    }

    /// <summary>Returns the freed pages of all arenas to the system. Other threads' allocations wait meanwhile, some milliseconds.</summary>
    public static void Trim() => _ = malloc_trim(0); // 0: there was nothing to return.

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mallopt(int param, int value);
}
