using System.Globalization;

namespace ActorCluster.Benchmarks;

/// <summary>What the kernel tells of a process under <c>/proc</c> (man 5 proc).</summary>
internal static class ProcFile
{
    /// <summary>A line of <c>status</c> that ends in kB; 0 when it is missing, as in a process that is ending.</summary>
    public static long Kilobytes(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The fields of <c>stat</c> behind the program's name, so that field 3 of the manual page (state) is element 0.</summary>
    public static string[] Stat(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>How many processes have this one as their parent.</summary>
    public static int CountChildren(int pid)
    {
        var parent = pid.ToString(CultureInfo.InvariantCulture);
        return Directory.EnumerateDirectories("/proc").Count(folder =>
        {
            try
            {
                return int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var other) && Stat(other)[1] == parent;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false; // Gone meanwhile.
            }
        });
    }
}
