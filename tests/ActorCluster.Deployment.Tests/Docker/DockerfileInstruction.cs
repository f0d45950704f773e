using System.Text.Json;

namespace ActorCluster.Deployment.Tests.Docker;

/// <summary>One instruction of a Dockerfile, with its continuation lines.</summary>
/// <param name="Name">Its name in capitals.</param>
/// <param name="Text">All that follows the name.</param>
internal sealed record DockerfileInstruction(string Name, string Text)
{
    /// <summary>The arguments in exec form; null when it is in shell form. Options such as <c>--interval=10s</c> and the word CMD may precede them.</summary>
    public string[]? ExecForm
    {
        get
        {
            var words = Text.Split(' ').SkipWhile(word => word.StartsWith("--", StringComparison.Ordinal) || word == "CMD");
            try
            {
                return JsonSerializer.Deserialize<string[]>(string.Join(' ', words));
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
