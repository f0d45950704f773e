using ActorCluster.Core;

namespace ActorCluster.Media;

/// <summary>
/// Reads a NUT stream of one video stream of raw pictures, as ffmpeg writes it to a pipe. Picture bytes go straight into the caller's buffer.
/// Format: the NUT specification, https://ffmpeg.org/~michael/nut.txt.
/// </summary>
/// <param name="input">The bytes.</param>
internal sealed class NutReader(NutInput input)
{
    private const byte PacketMark = (byte)'N';
    private const ulong MainHeader = 0x4E4D7A561F5F04AD;
    private const ulong StreamHeader = 0x4E5311405BF2F9DB;
    private const ulong SyncPoint = 0x4E4BE4ADEECA4569;
    private const int MaxElisions = 127;
    private const int MaxElisionBytes = 1024;
    private static readonly byte[] FileId = "nut/multimedia container\0"u8.ToArray();

    private FrameCode[] codes = [];
    private Rational[] timeBases = [];
    private byte[][] elisions = [];
    private int msbPtsShift;
    private long lastPts;
    private byte[] prefix = [];
    private int remaining;

    /// <summary>Seconds per tick of the timestamps; set once a frame has been met.</summary>
    public Rational TimeBase { get; private set; }

    /// <summary>Goes to the next frame; the body of the one before must have been read or skipped.</summary>
    /// <param name="pts">Its timestamp in ticks of <see cref="TimeBase"/>.</param>
    /// <param name="size">The size of its picture in bytes.</param>
    /// <returns>False at the stream's end.</returns>
    /// <exception cref="InvalidDataException">The stream is malformed or ends inside an element.</exception>
    public bool TryReadFrame(out long pts, out int size)
    {
        if (codes.Length == 0 && !TryReadFileId())
        {
            (pts, size) = (0, 0);
            return false;
        }

        for (int first; (first = input.TryReadByte()) >= 0;)
        {
            if (first != PacketMark)
            {
                ReadFrameHeader(first, out pts, out size);
                return true;
            }

            ReadPacket();
        }

        (pts, size) = (0, 0);
        return false;
    }

    /// <summary>Reads the picture of the frame that <see cref="TryReadFrame"/> went to.</summary>
    /// <param name="body">Where to, exactly the picture's size.</param>
    public void ReadBody(Span<byte> body)
    {
        prefix.CopyTo(body);
        input.ReadExactly(body[prefix.Length..]);
        remaining = 0;
    }

    /// <summary>Passes over the picture.</summary>
    public void SkipBody()
    {
        input.Skip(remaining);
        remaining = 0;
    }

    /// <summary>Converts a timestamp of this stream to another time base, which must be able to hold it.</summary>
    /// <param name="ticks">The timestamp in ticks of <see cref="TimeBase"/>.</param>
    /// <param name="target">Seconds per tick of the result.</param>
    /// <exception cref="InvalidDataException">It is no whole number of ticks.</exception>
    public long Rescale(long ticks, Rational target)
    {
        // ffmpeg refines a time base for NUT, never coarsens it, so the division leaves no remainder.
        var (value, remainder) = Int128.DivRem((Int128)ticks * TimeBase.Numerator * target.Denominator, (Int128)TimeBase.Denominator * target.Numerator);
        return remainder == 0 ? (long)value : throw new InvalidDataException($"Timestamp {ticks} of time base {TimeBase} is no whole tick of {target}.");
    }

    private bool TryReadFileId()
    {
        foreach (var expected in FileId)
        {
            var b = input.TryReadByte();
            if (b < 0 && expected == FileId[0])
            {
                return false;
            }

            if (b != expected)
            {
                throw new InvalidDataException("The stream is not NUT.");
            }
        }

        return true;
    }

    private void ReadPacket()
    {
        var code = (ulong)PacketMark << 56;
        for (var shift = 48; shift >= 0; shift -= 8)
        {
            code |= (ulong)input.ReadByte() << shift;
        }

        var length = input.ReadLength();
        if (length > 4096)
        {
            input.Skip(4);
        }

        var end = input.Position + length;
        switch (code)
        {
            case MainHeader:
                ReadMainHeader();
                break;
            case StreamHeader:
                ReadStreamHeader();
                break;
            case SyncPoint when timeBases.Length > 0:
                // One stream has one time base, so the timestamp needs no conversion.
                lastPts = (long)(input.ReadVarint() / (ulong)timeBases.Length);
                break;
        }

        input.Skip(end - input.Position);
    }

    private void ReadMainHeader()
    {
        var version = input.ReadVarint();
        if (version > 3)
        {
            throw new InvalidDataException($"NUT version {version} is not supported.");
        }

        var streams = input.ReadVarint();
        _ = input.ReadVarint();
        var count = input.ReadLength();
        if (streams != 1 || count is < 1 or > 16)
        {
            throw new InvalidDataException($"One stream was expected, not {streams} with {count} time bases.");
        }

        timeBases = new Rational[count];
        for (var i = 0; i < count; i++)
        {
            timeBases[i] = new Rational(input.ReadLength(), input.ReadLength());
            if (timeBases[i].Numerator == 0 || timeBases[i].Denominator == 0)
            {
                throw new InvalidDataException("A time base is 0.");
            }
        }

        codes = ReadFrameCodes();
        elisions = new byte[1 + Bounded(input.ReadLength(), MaxElisions)][];
        elisions[0] = [];
        for (var i = 1; i < elisions.Length; i++)
        {
            elisions[i] = new byte[Bounded(input.ReadLength(), MaxElisionBytes)];
            input.ReadExactly(elisions[i]);
        }
    }

    private static int Bounded(int value, int limit) => value <= limit ? value : throw new InvalidDataException($"{value} is more than the {limit} that NUT allows.");

    private FrameCode[] ReadFrameCodes()
    {
        var table = new FrameCode[256];
        long pts = 0;
        var mul = 1;
        for (var i = 0; i < table.Length;)
        {
            var flags = (NutFlags)input.ReadLength();
            var fields = input.ReadLength();
            pts = fields > 0 ? input.ReadSignedVarint() : pts;
            mul = fields > 1 ? input.ReadLength() : mul;
            _ = fields > 2 ? input.ReadVarint() : 0;
            var size = fields > 3 ? input.ReadLength() : 0;
            var reserved = fields > 4 ? input.ReadLength() : 0;
            var count = fields > 5 ? input.ReadLength() : mul - size;
            _ = fields > 6 ? input.ReadSignedVarint() : 0;
            var elision = fields > 7 ? input.ReadLength() : 0;
            for (var j = 8; j < fields; j++)
            {
                _ = input.ReadVarint();
            }

            if (count <= 0)
            {
                throw new InvalidDataException("The frame code table does not advance.");
            }

            for (var j = 0; j < count && i < table.Length; i++)
            {
                table[i] = i == PacketMark ? new FrameCode(NutFlags.Invalid, 0, 0, 0, 0, 0) : new FrameCode(flags, pts, mul, size + j, reserved, elision);
                j += i == PacketMark ? 0 : 1;
            }
        }

        return table;
    }

    private void ReadStreamHeader()
    {
        _ = input.ReadVarint();
        _ = input.ReadVarint();
        input.Skip(input.ReadLength());
        var timeBase = input.ReadLength();
        msbPtsShift = input.ReadLength();
        if (timeBase >= timeBases.Length || msbPtsShift > 62)
        {
            throw new InvalidDataException("The stream header is malformed.");
        }

        TimeBase = timeBases[timeBase];
    }

    private void ReadFrameHeader(int code, out long pts, out int size)
    {
        if (codes.Length == 0 || TimeBase.Denominator == 0)
        {
            throw new InvalidDataException("A frame comes before the headers.");
        }

        var entry = codes[code];
        var flags = entry.Flags;
        flags ^= flags.HasFlag(NutFlags.Coded) ? (NutFlags)input.ReadLength() : 0;
        if ((flags & (NutFlags.Invalid | NutFlags.SideData)) != 0)
        {
            throw new InvalidDataException($"Frame code {code} with flags {flags} is not supported.");
        }

        _ = flags.HasFlag(NutFlags.StreamId) ? input.ReadVarint() : 0;
        pts = flags.HasFlag(NutFlags.CodedPts) ? DecodePts((long)input.ReadVarint()) : lastPts + entry.PtsDelta;
        var total = entry.SizeLsb + (flags.HasFlag(NutFlags.SizeMsb) ? (long)entry.SizeMul * input.ReadLength() : 0);
        _ = flags.HasFlag(NutFlags.MatchTime) ? input.ReadSignedVarint() : 0;
        var elision = flags.HasFlag(NutFlags.HeaderIndex) ? input.ReadLength() : entry.Elision;
        var reserved = flags.HasFlag(NutFlags.Reserved) ? input.ReadLength() : entry.Reserved;
        for (var i = 0; i < reserved; i++)
        {
            _ = input.ReadVarint();
        }

        if (flags.HasFlag(NutFlags.Checksum))
        {
            input.Skip(4);
        }

        prefix = total > 4096 || elision >= elisions.Length ? [] : elisions[elision];
        if (total < prefix.Length || total > int.MaxValue)
        {
            throw new InvalidDataException($"A frame of {total} bytes is malformed.");
        }

        size = (int)total;
        remaining = size - prefix.Length;
        lastPts = pts;
    }

    private long DecodePts(long coded)
    {
        var range = 1L << msbPtsShift;
        if (coded >= range)
        {
            return coded - range;
        }

        // Only the low bits are written: take the value nearest to the last timestamp.
        var mask = range - 1;
        var lowest = lastPts - (mask / 2);
        return ((coded - lowest) & mask) + lowest;
    }

    private readonly record struct FrameCode(NutFlags Flags, long PtsDelta, int SizeMul, int SizeLsb, int Reserved, int Elision);

    [Flags]
    private enum NutFlags
    {
        CodedPts = 8,
        StreamId = 16,
        SizeMsb = 32,
        Checksum = 64,
        Reserved = 128,
        SideData = 256,
        HeaderIndex = 1024,
        MatchTime = 2048,
        Coded = 4096,
        Invalid = 8192,
    }
}
