using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Runs;
using CsCheck;

namespace ActorCluster.Processing.Tests.Runs;

public sealed class FrozenManifestTests : IDisposable
{
    private readonly TempData _data = new();

    private string Manifest => Path.Combine(_data.Data.Root, "manifest.jsonl");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSameAndTheHashIsTheFiles() =>
        Gen.Select(Gen.Char["aé漢\"\\/ \n\t;,%"].Array[1, 20], Gen.Bool, Gen.Long[-1, long.MaxValue], Gen.Int[1, 9]).Array[0, 20].Sample(
            videos =>
            {
                var lines = videos.Select((v, i) => new FrozenManifest.Line($"{i}{new string(v.Item1)}", "/v/" + new string(v.Item1), v.Item2 ? "/faces" : null, v.Item2 ? null : "/labels", v.Item3, v.Item3, v.Item4, v.Item2, !v.Item2)).ToList();
                var hash = FrozenManifest.Write(Manifest, lines);
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Manifest))), hash);
                Assert.Equal(lines, FrozenManifest.Read(Manifest, hash));
                Assert.Equal(lines.Count, File.ReadLines(Manifest).Count());
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void Read_NoFile_IsEmptyUnlessAHashIsExpected()
    {
        Assert.Empty(FrozenManifest.Read(Manifest, expectedHash: null));
        Assert.Throws<EnvironmentFaultException>(() => FrozenManifest.Read(Manifest, new string('0', 64)));
    }

    [Fact]
    public void Read_OtherHash_IsRefused()
    {
        FrozenManifest.Write(Manifest, [new FrozenManifest.Line("a", "/a", null, null, 1, 1, 1, true, false)]);
        var fault = Assert.Throws<EnvironmentFaultException>(() => FrozenManifest.Read(Manifest, new string('0', 64)));
        Assert.Contains(Manifest, fault.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\n")]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("{\"id\":\"\",\"uri\":\"/a\",\"revision\":1}")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\"}")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\",\"revision\":-1}")]
    [InlineData("{\"id\":1,\"uri\":\"/a\",\"revision\":1}")]
    [InlineData("{\"id\":\"a\",\"uri\":null,\"revision\":1}")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\\u0000b\",\"revision\":1}")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\",\"revision\":99999999999}")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\",\"revision\":1}\n{\"id\":\"a\",\"uri\":\"/b\",\"revision\":1}")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\",\"revision\":1}\n\n")]
    [InlineData("{\"id\":\"a\",\"uri\":\"/a\",\"revis")]

    public void Read_HostileOrDamagedContent_IsAnEnvironmentFaultThatNamesTheFile(string content)
    {
        File.WriteAllBytes(Manifest, Encoding.Latin1.GetBytes(content));
        var fault = Assert.Throws<EnvironmentFaultException>(() => FrozenManifest.Read(Manifest, expectedHash: null));
        Assert.Contains(Manifest, fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyBytes_IsLinesOrAnEnvironmentFault() => Gen.Byte.Array[0, 60].Sample(
        bytes =>
        {
            File.WriteAllBytes(Manifest, bytes);
            if (Record.Exception(() => FrozenManifest.Read(Manifest, expectedHash: null)) is { } exception)
            {
                Assert.IsType<EnvironmentFaultException>(exception);
            }
        },
        iter: 200,
        threads: 1);

    [Fact]
    public void Of_FileThereOrNot_KeepsItsSizeAndTime()
    {
        var path = _data.AddVideo("a.mp4", [1, 2, 3]);
        var line = FrozenManifest.Line.Of(new VideoEntry("a", path), revision: 4, csv: true, parquet: false);
        Assert.Equal((3L, File.GetLastWriteTimeUtc(path).Ticks, 4), (line.Length, line.Modified, line.Revision));
        Assert.Equal(-1, FrozenManifest.Line.Of(new VideoEntry("b", path + ".none"), revision: 1, csv: true, parquet: false).Length);
        Assert.Equal(new VideoEntry("a", path), line.Entry);
    }
}
