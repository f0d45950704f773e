using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorCluster.Storage;

/// <summary>Names of output files for video ids, which may hold anything.</summary>
public static partial class OutputNames
{
    /// <summary>The longest stem in UTF-8 bytes; leaves room for an extension and a temporary's suffix below the usual limit of 255.</summary>
    public const int MaxStemBytes = 180;

    private const string KeptSymbols = " ._-()[]{},+=@~";
    private const int HashDigits = 16;

    /// <summary>
    /// A file stem for a video id: the same for the same id, different for different ids (beyond <see cref="MaxStemBytes"/> up to a collision of
    /// 64 bits of SHA-256), safe on Linux file systems and as a command line's argument, never empty, <c>.</c> or <c>..</c>.
    /// Letters, digits and harmless symbols stay; everything else becomes <c>%XX</c> per UTF-8 byte. A longer stem is cut and ends in
    /// <c>~</c> and 16 hex digits of the id's SHA-256.
    /// </summary>
    /// <param name="videoId">Any string.</param>
    public static string FileStem(string videoId)
    {
        if (videoId.Length == 0)
        {
            return "%"; // Free, because every other % is followed by two digits.
        }

        // A short id must not look like the cut form of a long one.
        var cutMark = CutForm().IsMatch(videoId) ? videoId.Length - HashDigits - 1 : -1;
        var stem = new StringBuilder(videoId.Length);
        var bytes = 0;
        var cutAt = 0;
        for (var i = 0; i < videoId.Length;)
        {
            var isRune = Rune.TryGetRuneAt(videoId, i, out var rune);
            var kept = isRune && i != cutMark && IsKept(rune, first: i == 0, last: i + rune.Utf16SequenceLength == videoId.Length);
            if (kept)
            {
                stem.Append(rune.ToString());
                bytes += rune.Utf8SequenceLength;
            }
            else
            {
                bytes += isRune ? AppendEscaped(stem, rune) : AppendEscapedSurrogate(stem, videoId[i]);
            }

            i += isRune ? rune.Utf16SequenceLength : 1;
            if (bytes <= MaxStemBytes - HashDigits - 1)
            {
                cutAt = stem.Length;
            }
        }

        if (bytes <= MaxStemBytes)
        {
            return stem.ToString();
        }

        // UTF-16 bytes, because only they tell apart ids with unpaired surrogates.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(videoId)));
        return string.Concat(stem.ToString(0, cutAt), "~", hash.AsSpan(0, HashDigits));
    }

    private static bool IsKept(Rune rune, bool first, bool last)
    {
        if (rune.IsAscii)
        {
            var c = (char)rune.Value;
            return char.IsAsciiLetterOrDigit(c)
                || (KeptSymbols.Contains(c, StringComparison.Ordinal)
                    && !(first && (c is '-' or '.' or '~' or ' '))
                    && !(last && (c is '.' or ' ')));
        }

        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    private static int AppendEscaped(StringBuilder stem, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var length = rune.EncodeToUtf8(utf8);
        foreach (var b in utf8[..length])
        {
            stem.Append('%').Append(b.ToString("X2"));
        }

        return 3 * length;
    }

    // An unpaired surrogate has no UTF-8; its three bytes are those of the same formula, which no valid character has.
    private static int AppendEscapedSurrogate(StringBuilder stem, char c)
    {
        foreach (var b in (ReadOnlySpan<int>)[0xE0 | (c >> 12), 0x80 | ((c >> 6) & 0x3F), 0x80 | (c & 0x3F)])
        {
            stem.Append('%').Append(b.ToString("X2"));
        }

        return 9;
    }

    [GeneratedRegex($@"~[0-9a-f]{{16}}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CutForm();
}
