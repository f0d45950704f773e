using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Core.Scoring;
using ActorCluster.Core.Submissions;
using CsCheck;

namespace ActorCluster.Core.Tests.Labels;

/// <summary>Whatever bytes stand in a file of the challenge's formats, it is read or refused with a cause, and never anything else.</summary>
public sealed class HostileTextTests
{
    // Pieces of the formats among bytes that fit nowhere, so that reading gets beyond the first line.
    private static readonly Gen<byte[]> Text = Gen.OneOf<string>(
        "Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other", "image_location,", "frame,label", ",face_present", "id,split", "v/00001.jpg", "v_left/00002.jpg", ",train", "1,Fear",
        ",true", "\n", "\n", "\r\n", "\r", ",", " ", "\"", "0", "7", "-1", "-", "99999999999", "/", ".jpg", "\uFEFF", "é", "\0").Array[0, 30].Select(string.Concat).Select(Encoding.UTF8.GetBytes);

    private static readonly Gen<byte[]> Bytes = Gen.OneOf(Text, Gen.Byte.Array[0, 200], Gen.Select(Text, Gen.Byte.Array[0, 5], (text, more) => (byte[])[.. text, .. more]));

    public static TheoryData<string> Formats => ["labels", "predictions", "split", "template", "submission"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_AnyBytes_ReadsOrRefusesWithTheFilesName(string format) => Bytes.Sample(bytes =>
    {
        using var stream = new MemoryStream(bytes);
        try
        {
            Read(format, stream);
        }
        catch (InputFaultException e)
        {
            Assert.Contains("file.txt", e.Message);
        }
    }, iter: 3000);

    private static void Read(string format, Stream stream)
    {
        switch (format)
        {
            case "labels":
                Assert.All(LabelFile.Read(stream, "file.txt").Labels, label => Assert.InRange(label, -1, 7));
                break;
            case "predictions":
                Assert.All(PredictedLabels.Read(stream, "file.txt").Labels, label => Assert.InRange(label, 0, 7));
                break;
            case "split":
                Assert.NotEmpty(SplitFile.Read(new StreamReader(stream), "file.txt").Videos);
                break;
            case "template":
                Assert.NotEmpty(SubmissionTemplate.Read(stream, "file.txt").Rows);
                break;
            default:
                var report = SubmissionValidator.Validate(stream, "file.txt", null);
                Assert.Equal(report.IsValid, report.Problems.IsEmpty);
                break;
        }
    }
}
