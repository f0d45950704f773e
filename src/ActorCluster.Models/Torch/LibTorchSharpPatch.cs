using System.Buffers.Binary;
using System.Text;

namespace ActorCluster.Models.Torch;

/// <summary>
/// Makes TorchSharp's native library loadable where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04). All that such a system lacks
/// is one symbol of version GLIBCXX_3.4.32, by which GCC 13 makes sure that the standard streams are initialised; GCC 12's
/// <c>std::ios_base::Init</c> does the same. Three places change and nothing else: the symbol's name, its version, and the need of
/// GLIBCXX_3.4.32, which becomes weak.
/// </summary>
internal static class LibTorchSharpPatch
{
    /// <summary>Part of a patched file's name: another number for another patch.</summary>
    public const int Version = 1;

    /// <summary>The version of libstdc++ that the original cannot be loaded without.</summary>
    public const string MissingVersion = "GLIBCXX_3.4.32";

    private const string Library = "libstdc++.so.6";
    private const string BaseVersion = "GLIBCXX_3.4";
    private const string MissingSymbol = "_ZSt21ios_base_library_initv";
    private const string Substitute = "_ZNSt8ios_base4InitC1Ev";
    private const ushort Weak = 2;

    /// <summary>Patches a library.</summary>
    /// <param name="original">The whole file, which is left as it is.</param>
    /// <returns>A patched copy of the same length.</returns>
    /// <exception cref="InvalidDataException">This is no library that the patch knows; the message says in what it differs.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> original)
    {
        var patched = original.ToArray();
        var elf = new ElfLibrary(patched);
        var missing = FindNeed(elf, MissingVersion);
        var standard = FindNeed(elf, BaseVersion);
        if (missing.Flags != 0)
        {
            throw new InvalidDataException($"Its need of {MissingVersion} carries the flags {missing.Flags} where none are expected; 2 means that it is patched already.");
        }

        if (elf.Symbols.Where(symbol => elf.Name(symbol.NameOffset) == MissingSymbol).ToArray() is not [{ Defined: false } symbol])
        {
            throw new InvalidDataException($"It does not ask for the symbol {MissingSymbol} exactly once.");
        }

        // A weak need hides every other symbol of that version too, until a call to it crashes.
        if (symbol.Version != missing.Version || elf.Symbols.Count(other => other.Version == missing.Version) != 1)
        {
            throw new InvalidDataException($"{MissingSymbol} is not the one symbol of version {MissingVersion}.");
        }

        // Linkers let a name share the end of a longer one.
        var end = symbol.NameOffset + MissingSymbol.Length;
        var names = elf.Symbols.Select(other => other.NameOffset).Concat(elf.Needs.Select(need => need.NameOffset));
        if (names.Count(at => at >= symbol.NameOffset && at <= end) != 1)
        {
            throw new InvalidDataException($"Another name shares the bytes of {MissingSymbol}.");
        }

        var name = patched.AsSpan(symbol.NameOffset, MissingSymbol.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(Substitute, name);
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(symbol.VersionOffset), standard.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(missing.FlagsOffset), Weak);
        return patched;
    }

    private static ElfLibrary.Need FindNeed(ElfLibrary elf, string version) =>
        elf.Needs.Where(need => need.Library == Library && elf.Name(need.NameOffset) == version).ToArray() is [var only]
            ? only
            : throw new InvalidDataException($"It does not need {version} of {Library} exactly once.");
}
