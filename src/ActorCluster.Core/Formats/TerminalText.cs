namespace ActorCluster.Core.Formats;

/// <summary>Texts of the world, such as file names and causes, made fit for a terminal or a log.</summary>
public static class TerminalText
{
    /// <summary>The text on one line: what breaks a line becomes a space, and what commands a terminal or turns the direction of writing becomes U+FFFD.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => c is '\n' or '\r' or '\t' ? ' ' : IsCommand(c) ? '\uFFFD' : c));

    /// <summary>Whether a character does something to a terminal instead of being shown.</summary>
    public static bool IsCommand(char c) => char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
