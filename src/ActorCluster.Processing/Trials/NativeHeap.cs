using System.Runtime.InteropServices;

namespace ActorCluster.Processing.Trials;

/// <summary>
/// The C library's heap, which libtorch's tensors come from. It keeps what is freed for the arena, and so mostly for the thread, that it was allocated by: a
/// training's hundreds of megabytes stay with the process when its thread has ended, and the next training's thread may get another of up to eight arenas a processor.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>Returns the freed pages of all arenas to the system. Other threads' allocations wait meanwhile, some milliseconds.</summary>
    public static void Trim() => _ = malloc_trim(0); // 0: there was nothing to return.

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nuint pad);
}
