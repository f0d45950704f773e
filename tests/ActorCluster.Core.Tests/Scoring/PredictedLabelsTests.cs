using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Scoring;

namespace ActorCluster.Core.Tests.Scoring;

public sealed class PredictedLabelsTests
{
    private const string Header = "frame,pts_seconds,label,p_neutral,face_present,audio_present\n";

    [Theory]
    [InlineData(Header + "1,0.000000,Neutral,1.000000,true,false\n2,0.040000,Other,0.100000,false,false\n")]
    [InlineData("\uFEFF" + Header + "1,0,Neutral,1,true,false\r\n2,0.04,Other,0.1,false,false")]
    [InlineData("face_present,label,frame\ntrue,Neutral,1\nfalse,Other,2\n")]
    public void Read_Csv_TakesLabelsAndFaces(string text)
    {
        var predictions = Read(text);

        Assert.Equal<sbyte>([0, 7], predictions.Labels);
        Assert.Equal<bool>([true, false], predictions.FacePresent!.Value);
    }

    [Theory]
    [InlineData("0\n7\n")]
    [InlineData("Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\r\n0\r\n7\r\n")]
    [InlineData("frame,label\n1,Neutral\n2,Other\n")]
    public void Read_WithoutFaces_TakesLabels(string text)
    {
        var predictions = Read(text);

        Assert.Equal<sbyte>([0, 7], predictions.Labels);
        Assert.Null(predictions.FacePresent);
    }

    [Theory]
    [InlineData("frame,label\n1,Neutral\n3,Other\n", "line 3: it is not frame 2")]
    [InlineData("frame,label\n0,Neutral\n", "line 2: it is not frame 1")]
    [InlineData("frame,label\n1,Happy\n", "line 2: 'Happy' is not a class")]
    [InlineData("frame,label\n1,-1\n", "line 2: '-1' is not a class")]
    [InlineData("frame,label\n1\n", "line 2: there are fewer than 2 fields")]
    [InlineData("frame,label,face_present\n1,Fear,yes\n", "line 2: face_present")]
    [InlineData("frame,label\n", "no frame")]
    [InlineData("0\n-1\n", "frame 2 is -1")]
    [InlineData("0\n9\n", "line 2: '9' is not a label")]
    [InlineData("time,emotion\n0,happy\n", "line 1: the header")]
    public void Read_Damaged_IsRefusedByLine(string text, string says)
    {
        var fault = Assert.Throws<InputFaultException>(() => Read(text));

        Assert.Contains(says, fault.Message);
        Assert.Contains("video.csv", fault.Message);
    }

    private static PredictedLabels Read(string text) => PredictedLabels.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "video.csv");
}
