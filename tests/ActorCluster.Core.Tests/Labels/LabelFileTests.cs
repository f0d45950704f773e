using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using CsCheck;

namespace ActorCluster.Core.Tests.Labels;

public sealed class LabelFileTests
{
    private const string Header = "Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n";

    [Theory]
    [InlineData(Header + "0\n7\n-1\n")]
    [InlineData(Header + "0\n7\n-1")]
    [InlineData(Header + "0\n7\n-1\n\n\n")]
    [InlineData("\uFEFF" + Header + "0\n7\n-1\n")]
    [InlineData("Neutral, Anger, Disgust, Fear, Happiness, Sadness, Surprise, Other,\r\n0,\r\n7,\r\n-1,\r\n")]
    [InlineData("neutral,anger,disgust,fear,happiness,sadness,surprise,other\n 0 \n7 , \n-1\n \n")]
    public void Read_AnyToleratedForm_GivesTheSameLabels(string text)
    {
        var file = Read(text);

        Assert.Equal([0, 7, -1], file.Labels);
        Assert.True(file.HasHeader);
        Assert.Empty(file.Notices);
    }

    [Theory]
    [InlineData("4\n7\n-1\n")]
    [InlineData("\uFEFF4\r\n7\r\n-1\r\n")]
    public void Read_NoHeader_KeepsTheFirstLabelAndTellsIt(string text)
    {
        var file = Read(text);

        Assert.Equal([4, 7, -1], file.Labels);
        Assert.False(file.HasHeader);
        Assert.Contains("header line is missing", Assert.Single(file.Notices));
    }

    [Theory]
    [InlineData(Header + "0\n8\n", "line 3: '8' is not a label")]
    [InlineData(Header + "-5\n", "line 2: '-5'")]
    [InlineData(Header + "0\n0\n1.0\n", "line 4: '1.0'")]
    [InlineData(Header + "0,1\n", "line 2: '0,1'")]
    [InlineData(Header + "12\n", "line 2: '12'")]
    [InlineData(Header + "+1\n", "line 2: '+1'")]
    [InlineData(Header + Header + "0\n", "line 2: 'Neutral,")]
    [InlineData(Header + "0\n\n1\n", "line 4: a value follows blank line 3")]
    [InlineData("\n" + Header + "0\n", "line 2: a value follows blank line 1")]
    [InlineData("valence,arousal\n0\n", "line 1: the header 'valence,arousal'")]
    [InlineData("Anger,Neutral,Disgust,Fear,Happiness,Sadness,Surprise,Other\n0\n", "in order")]
    [InlineData("Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise\n0\n", "eight classes")]
    [InlineData(Header, "holds no label")]
    [InlineData("", "holds no label")]
    public void Read_Damaged_IsRefusedByLine(string text, string says)
    {
        var fault = Assert.Throws<InputFaultException>(() => Read(text));

        Assert.Contains(says, fault.Message);
        Assert.Contains("video.txt", fault.Message);
    }

    [Fact]
    public void Read_EndlessLine_IsRefusedWithoutReadingOn()
    {
        using var stream = new MemoryStream(new byte[4 << 20]);

        Assert.Contains("more than 16384 bytes", Assert.Throws<InputFaultException>(() => LabelFile.Read(stream, "video.txt")).Message);
        Assert.InRange(stream.Position, 0, 1 << 20);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameWhateverTheStreamsPieces() =>
        Gen.Select(Gen.SByte[-1, 7].Array[1, 500], Gen.Int[1, 40]).Sample((labels, piece) =>
        {
            using var memory = new MemoryStream();
            LabelFile.Write(memory, labels);
            memory.Position = 0;

            var file = LabelFile.Read(new PieceStream(memory, piece), "video.txt");

            Assert.Equal(labels, file.Labels);
            Assert.True(file.HasHeader);
        });

    [Fact]
    public void Read_LongerThanTheBuffer_KeepsEveryLabel()
    {
        sbyte[] labels = [.. Enumerable.Range(0, 300_000).Select(i => (sbyte)((i * 7 % 9) - 1))];
        using var memory = new MemoryStream();
        LabelFile.Write(memory, labels);
        memory.Position = 0;

        Assert.Equal(labels, LabelFile.Read(memory, "video.txt").Labels);
    }

    [Fact]
    public void Write_LabelOutOfRange_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => LabelFile.Write(Stream.Null, [0, 8]));

    [Fact]
    public void FitTo_OneFrameMore_LeavesItUnlabelledAndTellsIt()
    {
        var fitted = Read(Header + "1\n2\n").FitTo(3, "video");

        Assert.Equal([1, 2, -1], fitted.Labels);
        Assert.Contains("3 frames but 2 labels", Assert.Single(fitted.Notices));
    }

    [Fact]
    public void FitTo_OneFrameLess_DropsTheLastLabelAndTellsIt()
    {
        var fitted = Read(Header + "1\n2\n").FitTo(1, "video");

        Assert.Equal([1], fitted.Labels);
        Assert.Contains("1 frames but 2 labels", Assert.Single(fitted.Notices));
    }

    [Fact]
    public void FitTo_SameLength_ChangesNothing()
    {
        var file = Read(Header + "1\n2\n");

        Assert.Same(file, file.FitTo(2, "video"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void FitTo_TwoFramesApart_IsRefusedNamingBoth(int frames)
    {
        var fault = Assert.Throws<InputFaultException>(() => Read(Header + "1\n2\n3\n").FitTo(frames, "video-7"));

        Assert.Contains($"video-7 has {frames} frames but 3 labels", fault.Message);
        Assert.Contains("Check that", fault.Message);
    }

    private static LabelFile Read(string text) => LabelFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "video.txt");

    /// <summary>Hands out a stream a few bytes at a time, as a pipe may.</summary>
    private sealed class PieceStream(Stream inner, int piece) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, piece));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
