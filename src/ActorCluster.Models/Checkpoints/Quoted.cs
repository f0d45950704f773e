namespace ActorCluster.Models.Checkpoints;

/// <summary>Text from a file as it may stand in a message.</summary>
internal static class Quoted
{
    private const int MaxLength = 120;

    /// <summary>In quotation marks, cut, and without control characters, which could forge a log's lines.</summary>
    public static string Text(string text)
    {
        var cut = text.Length <= MaxLength ? text : text[..MaxLength] + "...";
        return $"'{string.Create(cut.Length, cut, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '?' : from[i];
            }
        })}'";
    }
}
