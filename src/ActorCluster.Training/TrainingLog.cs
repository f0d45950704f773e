using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorCluster.Core;

namespace ActorCluster.Training;

/// <summary>The epochs of a training as text.</summary>
internal static class TrainingLog
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes a header and a line per epoch.</summary>
    public static void WriteCsv(Stream stream, IReadOnlyList<EpochResult> epochs)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(
            $"epoch,train_loss,validation_loss,window_f1,voted_f1,smoothed_f1,accuracy,{string.Join(',', Expressions.Names.Select(n => "f1_" + n.ToLowerInvariant()))},learning_rate,windows_per_second,seconds,best");
        foreach (var e in epochs)
        {
            var v = e.Validation;
            double[] values = [e.TrainLoss, v.Loss, v.WindowF1, v.VotedF1, v.SmoothedF1, v.Accuracy, .. v.PerClassF1, e.LearningRate, e.WindowsPerSecond, e.Seconds];
            writer.WriteLine($"{e.Epoch},{string.Join(',', values.Select(x => x.ToString("G6", CultureInfo.InvariantCulture)))},{(e.Best ? 1 : 0)}");
        }
    }

    /// <summary>Writes an object per epoch and line, in full precision.</summary>
    public static void WriteJsonl(Stream stream, IReadOnlyList<EpochResult> epochs)
    {
        foreach (var epoch in epochs)
        {
            JsonSerializer.Serialize(stream, epoch, Json);
            stream.WriteByte((byte)'\n');
        }
    }
}
