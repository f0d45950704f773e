using System.Collections.Immutable;

namespace ActorCluster.Media;

/// <summary>
/// Increasing timestamps in few characters: base64 of pairs (run length, difference), each a little-endian base-128 number, the difference in
/// zigzag form. The first difference is taken from 0.
/// </summary>
internal static class TimestampCodec
{
    private const int MaxVarintBytes = 10;

    /// <summary>Encodes timestamps.</summary>
    public static string Encode(ImmutableArray<long> values)
    {
        var bytes = new List<byte>();
        long previous = 0;
        for (var i = 0; i < values.Length;)
        {
            var difference = values[i] - previous;
            var run = 1;
            while (i + run < values.Length && values[i + run] - values[i + run - 1] == difference)
            {
                run++;
            }

            Append(bytes, (ulong)run);
            Append(bytes, (ulong)((difference << 1) ^ (difference >> 63)));
            i += run;
            previous = values[i - 1];
        }

        return Convert.ToBase64String([.. bytes]);
    }

    /// <summary>Decodes what <see cref="Encode"/> made.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">How many timestamps it says to hold.</param>
    /// <param name="limit">How many it may hold.</param>
    /// <exception cref="InvalidDataException">It is malformed or holds another number.</exception>
    public static ImmutableArray<long> Decode(string text, int count, int limit)
    {
        // Checked before anything is allocated: a run length of a few bytes could ask for gigabytes.
        if (count < 0 || count > limit || text.Length > (long)count * 3 * MaxVarintBytes)
        {
            throw new InvalidDataException($"{count} timestamps in {text.Length} characters are out of range.");
        }

        var bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            throw new InvalidDataException("The timestamps are not base64.");
        }

        var values = ImmutableArray.CreateBuilder<long>(count);
        long value = 0;
        for (var at = 0; at < length;)
        {
            var run = Read(bytes.AsSpan(0, length), ref at);
            var zigzag = Read(bytes.AsSpan(0, length), ref at);
            if (run == 0 || run > (ulong)(count - values.Count))
            {
                throw new InvalidDataException($"The timestamps are more than {count}.");
            }

            for (; run > 0; run--)
            {
                value += (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
                values.Add(value);
            }
        }

        return values.Count == count ? values.MoveToImmutable() : throw new InvalidDataException($"The timestamps are {values.Count}, not {count}.");
    }

    private static void Append(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    private static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at == bytes.Length)
            {
                break;
            }

            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("The timestamps are cut off.");
    }
}
