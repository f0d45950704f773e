using System.Runtime.InteropServices;

namespace ActorCluster.Processing.Inference;

/// <summary>CPU time of the calling thread, of this process and of its finished children, from the operating system.</summary>
internal static partial class CpuClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID
    private const int Children = -1; // RUSAGE_CHILDREN

    /// <summary>CPU time that the calling thread has used.</summary>
    public static TimeSpan OfThread => clock_gettime(ThreadCpuTime, out var time) == 0 ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100)) : TimeSpan.Zero;

    /// <summary>CPU time of all child processes that have ended.</summary>
    public static TimeSpan OfChildren
    {
        get
        {
            var usage = new long[64]; // struct rusage begins with ru_utime and ru_stime, each two longs.
            return getrusage(Children, usage) == 0
                ? TimeSpan.FromTicks(((usage[0] + usage[2]) * TimeSpan.TicksPerSecond) + ((usage[1] + usage[3]) * TimeSpan.TicksPerMicrosecond))
                : TimeSpan.Zero;
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getrusage(int who, [Out] long[] usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
