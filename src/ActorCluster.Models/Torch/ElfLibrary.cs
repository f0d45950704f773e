using System.Buffers.Binary;
using System.Text;

namespace ActorCluster.Models.Torch;

/// <summary>
/// The sections of a 64-bit little-endian x86-64 shared library that say which versioned symbols it asks for: <c>.dynsym</c>,
/// <c>.dynstr</c>, <c>.gnu.version</c> and <c>.gnu.version_r</c>. Layouts: System V ABI (ELF-64) and the Linux Standard Base's chapter on
/// symbol versioning.
/// </summary>
internal sealed class ElfLibrary
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int NeedSize = 16;
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionIndices = 0x6fffffff;

    private readonly byte[] _bytes;
    private readonly Section _strings;

    /// <summary>Reads a library's tables.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="InvalidDataException">It is no such library, or its tables do not lie inside it.</exception>
    public ElfLibrary(byte[] bytes)
    {
        _bytes = bytes;
        // Class 2 is 64 bit, data 1 little-endian; type 3 is a shared library, machine 62 x86-64.
        if (bytes.Length < HeaderSize || !bytes.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8) || Word(16) != 3 || Word(18) != 62)
        {
            throw new InvalidDataException("It is not a 64-bit x86-64 ELF shared library.");
        }

        var sections = ReadSections();
        var symbols = Only(sections, DynamicSymbols, ".dynsym");
        if (symbols.Link >= sections.Length || symbols.Size % SymbolSize != 0)
        {
            throw new InvalidDataException("Its .dynsym section is malformed.");
        }

        _strings = sections[symbols.Link];
        var indices = Only(sections, VersionIndices, ".gnu.version");
        if (indices.Size != symbols.Size / SymbolSize * 2)
        {
            throw new InvalidDataException("Its .gnu.version section does not fit its .dynsym section.");
        }

        Symbols = [.. Enumerable.Range(0, symbols.Size / SymbolSize).Select(i => ReadSymbol(symbols.Offset + (i * SymbolSize), indices.Offset + (i * 2)))];
        Needs = ReadNeeds(Only(sections, VersionNeeds, ".gnu.version_r"));
    }

    /// <summary>The dynamic symbols.</summary>
    public IReadOnlyList<Symbol> Symbols { get; }

    /// <summary>The symbol versions that it needs of other libraries.</summary>
    public IReadOnlyList<Need> Needs { get; }

    /// <summary>The name that starts at a place of the file, such as <see cref="Symbol.NameOffset"/>.</summary>
    public string Name(int offset)
    {
        var rest = _bytes.AsSpan(offset, _strings.Offset + _strings.Size - offset);
        var end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(rest[..end]) : throw new InvalidDataException("A name runs out of its .dynstr section.");
    }

    private Section[] ReadSections()
    {
        var start = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(40));
        var count = Word(60);
        if (Word(58) != SectionHeaderSize || start > (ulong)_bytes.Length || (ulong)(count * SectionHeaderSize) > (ulong)_bytes.Length - start)
        {
            throw new InvalidDataException("Its section headers do not lie inside it.");
        }

        var sections = new Section[count];
        for (var i = 0; i < count; i++)
        {
            var header = _bytes.AsSpan((int)start + (i * SectionHeaderSize), SectionHeaderSize);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var offset = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            // Type 8 (.bss) takes no room in the file; of other sections only those inside it can be used.
            var inside = type != 8 && offset <= (ulong)_bytes.Length && size <= (ulong)_bytes.Length - offset;
            sections[i] = inside
                ? new Section(type, (int)offset, (int)size, (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header[40..]), int.MaxValue))
                : new Section(0, 0, 0, 0);
        }

        return sections;
    }

    private static Section Only(Section[] sections, uint type, string name) =>
        sections.Where(section => section.Type == type).ToArray() is [var only]
            ? only
            : throw new InvalidDataException($"It has no single {name} section.");

    private Symbol ReadSymbol(int at, int versionAt) =>
        new(StringOffset(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at))), Word(at + 6) != 0, versionAt, Word(versionAt));

    private List<Need> ReadNeeds(Section section)
    {
        var needs = new List<Need>();
        var end = section.Offset + section.Size;
        for (long file = section.Offset, step = -1; step != 0; file += step)
        {
            RequireInside(file, end);
            var library = Name(StringOffset(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)file + 4))));
            var at = file + BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)file + 8));
            for (int left = Word((int)file + 2); left > 0; left--)
            {
                RequireInside(at, end);
                var here = (int)at;
                needs.Add(new Need(library, StringOffset(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(here + 8))), here + 4, Word(here + 4), Word(here + 6)));
                at += BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(here + 12));
            }

            step = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)file + 12));
        }

        return needs;
    }

    private static void RequireInside(long at, int end)
    {
        if (at > end - NeedSize)
        {
            throw new InvalidDataException("Its .gnu.version_r section is malformed.");
        }
    }

    private int StringOffset(uint index) =>
        index < _strings.Size ? _strings.Offset + (int)index : throw new InvalidDataException("A name lies outside its .dynstr section.");

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private readonly record struct Section(uint Type, int Offset, int Size, int Link);

    /// <summary>A dynamic symbol.</summary>
    /// <param name="NameOffset">Where its name stands in the file.</param>
    /// <param name="Defined">Whether the library itself defines it.</param>
    /// <param name="VersionOffset">Where its 16-bit version index stands in the file.</param>
    /// <param name="Version">That index.</param>
    public readonly record struct Symbol(int NameOffset, bool Defined, int VersionOffset, ushort Version);

    /// <summary>A version needed of another library.</summary>
    /// <param name="Library">That library, such as <c>libstdc++.so.6</c>.</param>
    /// <param name="NameOffset">Where the version's name stands in the file.</param>
    /// <param name="FlagsOffset">Where its 16-bit flags stand in the file.</param>
    /// <param name="Flags">Those flags; 2 is weak: the loader only warns where the version is missing.</param>
    /// <param name="Version">The index by which symbols name this version.</param>
    public readonly record struct Need(string Library, int NameOffset, int FlagsOffset, ushort Flags, ushort Version);
}
