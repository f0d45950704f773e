using System.Text;

namespace ActorCluster.Core.Formats;

/// <summary>The header lines of the challenge's files, which name the classes.</summary>
internal static class ClassHeader
{
    /// <summary>The class names as label files begin with them.</summary>
    public static string Text { get; } = string.Join(',', Expressions.Names);

    /// <summary>Whether fields name the eight classes in order, whatever their case, spaces around them or commas after them.</summary>
    /// <param name="fields">The fields, comma-separated.</param>
    public static bool IsClasses(ReadOnlySpan<byte> fields)
    {
        var names = Encoding.UTF8.GetString(fields).TrimEnd(' ', '\t', ',').Split(',', StringSplitOptions.TrimEntries);
        return names.SequenceEqual(Expressions.Names, StringComparer.OrdinalIgnoreCase);
    }
}
