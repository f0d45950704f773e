using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using CsCheck;

namespace ActorCluster.Core.Tests.Labels;

public sealed class SplitFileTests
{
    [Fact]
    public void Read_ThreeSplits_GivesEachItsVideosInOrder()
    {
        var split = Read("\uFEFFid,split\r\nb,train\r\na,Train\r\n\"c,1\",validation\r\nd,test\r\n");

        Assert.Equal(["b", "a"], split.Of(DatasetSplit.Train));
        Assert.Equal(["c,1"], split.Of(DatasetSplit.Validation));
        Assert.Equal(DatasetSplit.Test, split.Find("d"));
        Assert.Null(split.Find("e"));
        Assert.Empty(split.Leaks);
    }

    [Fact]
    public void Leaks_PersonsOfOneVideoApart_AreNamed() =>
        Assert.Equal(["v2"], Read("id,split\nv1_left,train\nv1_right,train\nv2_left,train\nv2,validation\n").Leaks);

    [Theory]
    [InlineData("a,train\n", "line 1: the header id,split")]
    [InlineData("id,split\na,dev\n", "line 2: the split 'dev'")]
    [InlineData("id,split\na,0\n", "line 2: the split '0'")]
    [InlineData("id,split\na,\n", "line 2: the split ''")]
    [InlineData("id,split\na,train\na,test\n", "line 3: 'a' is on line 2 already")]
    [InlineData("id,split\n,train\n", "line 2: the id is empty")]
    [InlineData("id,split\na\n", "line 2: it has 1 fields")]
    [InlineData("id,split\n\"a,train\n", "line 2: a field that begins with a quote is never closed")]
    [InlineData("id,split\n", "names no video")]
    [InlineData("", "names no video")]
    public void Read_Damaged_IsRefusedByLine(string text, string says) =>
        Assert.Contains(says, Assert.Throws<InputFaultException>(() => Read(text)).Message);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame() =>
        Gen.Select(Gen.String["ab,\" \n_é"].Where(s => s.Length > 0), Gen.Enum<DatasetSplit>()).Array[1, 20].Sample(videos =>
        {
            var split = new SplitFile(videos.DistinctBy(v => v.Item1).Select(v => (v.Item1, v.Item2)));
            var writer = new StringWriter();
            split.Write(writer);

            Assert.Equal(split.Videos, Read(writer.ToString()).Videos);
        });

    private static SplitFile Read(string text) => SplitFile.Read(new StringReader(text), "split.csv");
}
