using ActorCluster.Operator;

namespace ActorCluster.Node.Pbm;

/// <summary>
/// Lines that were typed before, kept in <c>$XDG_STATE_HOME/actorcluster/pbm_history</c> for their user alone. Commands carry no secrets: the token comes from the
/// environment.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class PromptHistory(string path)
{
    private const int Kept = 1000;
    private readonly List<string> _lines = [.. Read(path).TakeLast(Kept)];

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Where the history of this user is.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathFullyQualified(state)
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "actorcluster",
        "pbm_history");

    /// <summary>Adds a line, unless it is the last one again. A file that cannot be written loses the line with the process.</summary>
    public void Add(string line)
    {
        if (line.Trim().Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = _lines.Count > 2 * Kept ? FileMode.Create : FileMode.Append, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, options);
            if (options.Mode == FileMode.Create)
            {
                _lines.RemoveRange(0, _lines.Count - Kept);
                _lines.ForEach(file.WriteLine);
            }
            else
            {
                file.WriteLine(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Convenience only.
        }
    }

    private static string[] Read(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(RunWords.OneLine)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
