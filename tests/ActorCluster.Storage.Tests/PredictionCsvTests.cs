using System.Diagnostics;
using System.Text;
using ActorCluster.Core;
using CsCheck;

namespace ActorCluster.Storage.Tests;

public sealed class PredictionCsvTests
{
    private const string Header =
        "frame,pts_seconds,label,p_neutral,p_anger,p_disgust,p_fear,p_happiness,p_sadness,p_surprise,p_other,face_present,audio_present,imputed,decoded";

    [Fact]
    public void Write_TwoFrames_GivesTheDocumentedText()
    {
        var predictions = new FramePredictions(
            [-0.0000001, 0.0333667],
            [Expression.Neutral, Expression.Happiness],
            [1, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.000001, 0, 0, 0.899999, 0, 0, 0],
            [FrameFlags.Imputed | FrameFlags.Decoded, FrameFlags.FacePresent | FrameFlags.AudioPresent | FrameFlags.Decoded | FrameFlags.Voted]);

        Assert.Equal(
            Header + "\n" +
            "1,0.000000,Neutral,1.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,false,false,true,true\n" +
            "2,0.033367,Happiness,0.100000,0.000001,0.000000,0.000000,0.899999,0.000000,0.000000,0.000000,true,true,false,true\n",
            Encoding.UTF8.GetString(Bytes(predictions)));
    }

    [Fact]
    public void Write_AnyPredictions_ReadBackEqual() => PredictionSamples.Any.Sample(predictions =>
        PredictionSamples.AssertEqual(predictions, PredictionCsv.Read(new MemoryStream(Bytes(predictions)))));

    [Theory]
    [InlineData(0.5, 0.4)]
    [InlineData(0.5000005, 0.4999995)]
    [InlineData(1.5, -0.5)]
    [InlineData(double.NaN, 1)]
    public void Write_RowThatIsNoDistribution_IsRefused(double first, double second) =>
        Assert.Throws<ArgumentException>(() => Bytes(new FramePredictions([0], [0], [first, second, 0, 0, 0, 0, 0, 0], [0])));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Write_TimeThatIsNotFinite_IsRefused(double seconds) =>
        Assert.Throws<ArgumentException>(() => Bytes(new FramePredictions([seconds], [0], [1, 0, 0, 0, 0, 0, 0, 0], [0])));

    [Theory]
    [InlineData("", "Line 1")]
    [InlineData("frame,label\n", "Line 1")]
    [InlineData(Header + "\n2,0.0,Neutral,1,0,0,0,0,0,0,0,true,true,true,true\n", "Line 2: the frame is not 1")]
    [InlineData(Header + "\n1,0.0,Calm,1,0,0,0,0,0,0,0,true,true,true,true\n", "'Calm'")]
    [InlineData(Header + "\n1,0.0,Neutral,1,0,0,0,0,0,0,x,true,true,true,true\n", "'x' is not a number")]
    [InlineData(Header + "\n1,0.0,Neutral,1,0,0,0,0,0,0,0,true,true,True,true\n", "imputed")]
    [InlineData(Header + "\n1,0.0,Neutral,1,0,0,0,0,0,0,0,true,true,true\n", "too few")]
    [InlineData(Header + "\n1,0.0,Neutral,1,0,0,0,0,0,0,0,true,true,true,true,\n", "too many")]
    public void Read_Malformed_SaysWhereAndWhat(string text, string message)
    {
        var thrown = Assert.Throws<PredictionFormatException>(() => PredictionCsv.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AMillionRows_TakesSecondsAndNoGarbagePerField()
    {
        var predictions = PredictionSamples.Make(1_000_000, 1);
        PredictionCsv.Write(Stream.Null, PredictionSamples.Make(1000, 1));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        PredictionCsv.Write(Stream.Null, predictions);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1_000_000);
    }

    private static byte[] Bytes(FramePredictions predictions)
    {
        using var stream = new MemoryStream();
        PredictionCsv.Write(stream, predictions);
        return stream.ToArray();
    }
}
