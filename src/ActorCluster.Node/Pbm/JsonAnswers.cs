using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorCluster.Operator;
using ActorCluster.Operator.Palettes;

namespace ActorCluster.Node.Pbm;

/// <summary>One JSON object a line: rows and items as they are, a line of text as <c>{"line": "…"}</c>. JSON escapes what could command a terminal.</summary>
internal sealed class JsonAnswers(TextWriter output) : AnswerOutput
{
    public override void Show(ImmutableArray<CommandAnswer> batch)
    {
        foreach (var answer in batch)
        {
            var value = answer switch
            {
                CommandAnswer.Row row => AnswerJson.Of(row.Fields),
                CommandAnswer.Item item => AnswerJson.Of(item.Fields),
                CommandAnswer.Line line => new JsonObject { ["line"] = line.Text },
                CommandAnswer.Status status => new JsonObject { ["status"] = status.Text },
                _ => throw new ArgumentOutOfRangeException(nameof(batch)),
            };
            output.WriteLine(value.ToJsonString(OperatorJson.Options));
        }
    }
}
