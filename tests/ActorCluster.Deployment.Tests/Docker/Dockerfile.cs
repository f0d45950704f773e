using System.Collections.Immutable;

namespace ActorCluster.Deployment.Tests.Docker;

/// <summary>A Dockerfile as a list of instructions. It knows the instructions that the project uses and refuses all others.</summary>
internal sealed record Dockerfile(ImmutableArray<DockerfileInstruction> Instructions)
{
    // No ADD, which fetches addresses and unpacks archives; no MAINTAINER, ONBUILD, SHELL and VOLUME, which nothing here needs.
    private static readonly string[] Known =
        ["FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"];

    public static TheoryData<string> Names => ["cpu", "cuda"];

    /// <summary>The instructions of the image itself: those of the last stage.</summary>
    public ImmutableArray<DockerfileInstruction> Final => [.. Instructions.Skip(Instructions.Select(i => i.Name).ToList().LastIndexOf("FROM"))];

    public static Dockerfile Named(string name) => Parse(RepositoryFiles.Text("docker", name + ".Dockerfile"));

    /// <summary>Reads a Dockerfile.</summary>
    /// <exception cref="FormatException">An instruction is not known, or a continued line is the last.</exception>
    public static Dockerfile Parse(string text)
    {
        var instructions = ImmutableArray.CreateBuilder<DockerfileInstruction>();
        var open = "";
        // Comments are lines of their own, also between continued lines.
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            open += line.EndsWith('\\') ? line[..^1] : line;
            if (line.EndsWith('\\'))
            {
                continue;
            }

            var words = open.Split(' ', 2, StringSplitOptions.TrimEntries);
            if (!Known.Contains(words[0], StringComparer.Ordinal) || words.Length < 2)
            {
                throw new FormatException($"'{open}' is no instruction that is known here.");
            }

            instructions.Add(new DockerfileInstruction(words[0], words[1]));
            open = "";
        }

        return open.Length == 0 ? new Dockerfile(instructions.ToImmutable()) : throw new FormatException($"'{open}' is continued by nothing.");
    }

    /// <summary>The only instruction of that name in the image's own stage.</summary>
    public DockerfileInstruction Single(string name) => Assert.Single(Final, i => i.Name == name);
}
