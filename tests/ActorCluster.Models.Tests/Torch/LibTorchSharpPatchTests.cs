using System.Runtime.InteropServices;
using System.Text;
using ActorCluster.Models.Torch;

namespace ActorCluster.Models.Tests.Torch;

public class LibTorchSharpPatchTests
{
    private const string Symbol = "_ZSt21ios_base_library_initv";
    private static readonly string Natives = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
    private static readonly string Original = Path.Combine(Natives, "libLibTorchSharp.so");

    [Fact]
    public void Apply_Original_ChangesThreePlacesOnly()
    {
        var original = File.ReadAllBytes(Original);

        var patched = LibTorchSharpPatch.Apply(original);

        var name = original.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Symbol + "\0"));
        var before = new ElfLibrary(original);
        var version = before.Symbols.Single(symbol => before.Name(symbol.NameOffset) == Symbol).VersionOffset;
        var flags = before.Needs.Single(need => before.Name(need.NameOffset) == LibTorchSharpPatch.MissingVersion).FlagsOffset;
        var changed = Enumerable.Range(0, original.Length).Where(at => original[at] != patched[at]).ToArray();
        Assert.Equal(original.Length, patched.Length);
        Assert.All(changed, at => Assert.True(
            (at >= name && at < name + Symbol.Length) || at == version || at == flags, $"Byte {at} changed."));
        Assert.Contains(version, changed);
        Assert.Contains(flags, changed);
        Assert.Equal("_ZNSt8ios_base4InitC1Ev\0\0\0\0\0\0", Encoding.ASCII.GetString(patched.AsSpan(name, Symbol.Length + 1)));
    }

    [Fact]
    public void Apply_Original_MovesTheSymbolToTheOldVersionAndWeakensTheNewOne()
    {
        var original = File.ReadAllBytes(Original);

        var after = new ElfLibrary(LibTorchSharpPatch.Apply(original));

        var standard = after.Needs.Single(need => need.Library == "libstdc++.so.6" && after.Name(need.NameOffset) == "GLIBCXX_3.4");
        var missing = after.Needs.Single(need => after.Name(need.NameOffset) == LibTorchSharpPatch.MissingVersion);
        var symbol = after.Symbols.Single(symbol => after.Name(symbol.NameOffset) == "_ZNSt8ios_base4InitC1Ev");
        Assert.Equal(standard.Version, symbol.Version);
        Assert.Equal((ushort)2, missing.Flags);
        Assert.DoesNotContain(after.Symbols, other => other.Version == missing.Version);
        Assert.Equal(original, File.ReadAllBytes(Original));
    }

    [Fact]
    public void Apply_PatchedLibrary_IsRefused()
    {
        var patched = LibTorchSharpPatch.Apply(File.ReadAllBytes(Original));

        Assert.Contains("patched already", Refusal(patched), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libc10.so")]
    [InlineData("libshm.so")]
    public void Apply_OtherLibrary_IsRefused(string name) =>
        Assert.Contains($"does not need {LibTorchSharpPatch.MissingVersion}", Refusal(File.ReadAllBytes(Path.Combine(Natives, name))), StringComparison.Ordinal);

    [Fact]
    public void Apply_AnotherSymbolOfTheVersion_IsRefused()
    {
        var bytes = File.ReadAllBytes(Original);
        var elf = new ElfLibrary(bytes);
        var symbol = elf.Symbols.Single(symbol => elf.Name(symbol.NameOffset) == Symbol);
        var other = elf.Symbols.First(other => !other.Defined && other.Version > 2 && other.Version != symbol.Version);
        BitConverter.TryWriteBytes(bytes.AsSpan(other.VersionOffset), symbol.Version);

        Assert.Contains("is not the one symbol of version", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_NoSuchSymbol_IsRefused()
    {
        var bytes = File.ReadAllBytes(Original);
        bytes[bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Symbol))] = (byte)'X';

        Assert.Contains($"does not ask for the symbol {Symbol}", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_NoNeedOfTheVersion_IsRefused()
    {
        var bytes = File.ReadAllBytes(Original);
        var elf = new ElfLibrary(bytes);
        bytes[elf.Needs.Single(need => elf.Name(need.NameOffset) == LibTorchSharpPatch.MissingVersion).NameOffset] = (byte)'X';

        Assert.Contains($"does not need {LibTorchSharpPatch.MissingVersion}", Refusal(bytes), StringComparison.Ordinal);
    }

    // Sections that a damaged file places anywhere lead to a refusal, never to another exception.
    [Fact]
    public void Apply_DamagedTables_AreRefused()
    {
        var original = File.ReadAllBytes(Original);
        var sections = (int)BitConverter.ToInt64(original, 40);
        foreach (var at in Enumerable.Range(sections, original.Length - sections).Concat(Enumerable.Range(40, 24)).Where(at => at % 7 == 0))
        {
            var bytes = original.ToArray();
            bytes[at] ^= 0xff;
            try
            {
                LibTorchSharpPatch.Apply(bytes);
            }
            catch (InvalidDataException)
            {
            }
        }

        Assert.All(new[] { 0, 10, 63, 64, 5000, original.Length - 1 }, length => Refusal(original[..length]));
    }

    [Fact]
    public void Provide_Twice_UsesTheFileThatIsThere()
    {
        using var folder = new TemporaryFolder();
        var path = PatchedLibraryCache.Provide(Original, folder.Path);
        var stamp = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, stamp);

        Assert.Equal(path, PatchedLibraryCache.Provide(Original, folder.Path));

        Assert.Equal(stamp, File.GetLastWriteTimeUtc(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public void Provide_DamagedFileThere_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        var path = PatchedLibraryCache.Provide(Original, folder.Path);
        var whole = File.ReadAllBytes(path);
        var damaged = whole.ToArray();
        damaged[^1] ^= 1;
        File.WriteAllBytes(path, damaged);

        PatchedLibraryCache.Provide(Original, folder.Path);

        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void Provide_ManyAtOnce_AllGetTheWholeFile()
    {
        using var folder = new TemporaryFolder();
        var expected = LibTorchSharpPatch.Apply(File.ReadAllBytes(Original));

        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            Assert.Equal(expected, File.ReadAllBytes(PatchedLibraryCache.Provide(Original, folder.Path))));

        Assert.Single(Directory.GetFiles(folder.Path));
    }

    // The copy lies away from libtorch, which is in the process already, as in TorchRuntime.
    [Fact]
    public void Provide_Copy_Loads()
    {
        using var folder = new TemporaryFolder();
        TorchRuntime.Load();

        var handle = NativeLibrary.Load(PatchedLibraryCache.Provide(Original, folder.Path));

        Assert.NotEqual(0, NativeLibrary.GetExport(handle, "THSTorch_get_num_threads"));
    }

    private static string Refusal(byte[] library) => Assert.Throws<InvalidDataException>(() => LibTorchSharpPatch.Apply(library)).Message;

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("actorcluster-patch-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
