using System.IO.Enumeration;

namespace ActorCluster.Deployment.Tests.Docker;

/// <summary>What of the repository an image build sees, by <c>.dockerignore</c>: the last line that matches a path or a folder above it decides.</summary>
internal sealed class DockerContext
{
    private readonly string[] _lines;

    private DockerContext(string[] lines) => _lines = lines;

    public static DockerContext Read() =>
        new([.. File.ReadLines(RepositoryFiles.PathOf(".dockerignore")).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')]);

    public bool Contains(string path)
    {
        var last = _lines.LastOrDefault(line => Matches(line.TrimStart('!'), path));
        return last is null || last[0] == '!';
    }

    private static bool Matches(string pattern, string path)
    {
        var (segments, parts) = (pattern.Split('/'), path.Split('/'));
        if (segments[0] == "**")
        {
            return parts.Any(part => FileSystemName.MatchesSimpleExpression(segments[1], part, ignoreCase: false));
        }

        return segments.Length <= parts.Length && segments.Zip(parts, (segment, part) => FileSystemName.MatchesSimpleExpression(segment, part, ignoreCase: false)).All(fits => fits);
    }
}
