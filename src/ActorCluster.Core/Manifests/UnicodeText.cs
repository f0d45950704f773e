using System.Text;

namespace ActorCluster.Core.Manifests;

/// <summary>Facts of texts as Unicode sees them.</summary>
internal static class UnicodeText
{
    /// <summary>Whether every surrogate has its partner, so that the text can be written as UTF-8 and read back the same.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
