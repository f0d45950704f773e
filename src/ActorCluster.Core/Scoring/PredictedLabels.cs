using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Formats;
using ActorCluster.Core.Labels;

namespace ActorCluster.Core.Scoring;

/// <summary>A video's predicted classes.</summary>
/// <param name="Labels">The class of each frame, [frames], 0 to 7.</param>
/// <param name="FacePresent">Whether a face was found in each frame, [frames]; null where the file does not tell.</param>
public sealed record PredictedLabels(ImmutableArray<sbyte> Labels, ImmutableArray<bool>? FacePresent)
{
    private const string Stage = "predictions";

    private static readonly byte[][] ClassNames = [.. Expressions.Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>
    /// Reads predictions: CSV whose header names the columns <c>frame</c> and <c>label</c> (and perhaps <c>face_present</c>) among others and whose rows count frames from 1, as
    /// this system writes it; or one integer per line in the format of <see cref="LabelFile"/>, with or without a header.
    /// </summary>
    /// <param name="stream">A seekable stream, left open.</param>
    /// <param name="name">The file as faults name it.</param>
    /// <exception cref="InputFaultException">The content is neither, or a frame has no class; the cause names the line.</exception>
    public static PredictedLabels Read(Stream stream, string name)
    {
        var start = stream.Position;
        var reader = new Utf8LineReader(stream, Stage, name);
        if (reader.TryRead(out var header) && Columns.Find(header) is { } columns)
        {
            return ReadCsv(reader, columns);
        }

        stream.Position = start;
        var file = LabelFile.Read(stream, name);
        var missing = file.Labels.IndexOf(LabelFile.Unlabelled);
        return missing < 0
            ? new PredictedLabels(file.Labels, null)
            : throw new InputFaultException(Stage, $"{name}: frame {missing + 1} is {LabelFile.Unlabelled}, which is not a class; every frame needs a prediction from 0 to {Expressions.Count - 1}.");
    }

    private static PredictedLabels ReadCsv(Utf8LineReader reader, Columns columns)
    {
        var labels = ImmutableArray.CreateBuilder<sbyte>();
        var faces = columns.FacePresent < 0 ? null : ImmutableArray.CreateBuilder<bool>();
        while (reader.TryRead(out var row))
        {
            if (row.IsEmpty)
            {
                continue;
            }

            if (labels.Count == LabelFile.MostLabels)
            {
                throw reader.Fault($"more than {LabelFile.MostLabels} frames are not read.");
            }

            sbyte? label = null;
            bool? face = null;
            var frame = 0;
            for (var c = 0; c <= columns.Last; c++)
            {
                var comma = row.IndexOf((byte)',');
                if (comma < 0 && c < columns.Last)
                {
                    throw reader.Fault($"there are fewer than {columns.Last + 1} fields.");
                }

                var field = comma < 0 ? row : row[..comma];
                row = comma < 0 ? [] : row[(comma + 1)..];
                if (c == columns.Frame)
                {
                    frame = Utf8Parser.TryParse(field, out int number, out var used) && used == field.Length ? number : 0;
                }
                else if (c == columns.Label)
                {
                    label = ClassOf(field) ?? throw reader.Fault($"{Utf8LineReader.Quote(field)} is not a class; {ClassHeader.Text} are.");
                }
                else if (c == columns.FacePresent)
                {
                    face = field.SequenceEqual("true"u8) ? true : field.SequenceEqual("false"u8) ? false : throw reader.Fault("face_present is neither true nor false.");
                }
            }

            if (frame != labels.Count + 1)
            {
                throw reader.Fault($"it is not frame {labels.Count + 1}; frames count from 1 without gaps.");
            }

            labels.Add(label!.Value);
            faces?.Add(face!.Value);
        }

        return labels.Count > 0 ? new PredictedLabels(labels.DrainToImmutable(), faces?.DrainToImmutable()) : throw reader.Fault("there is a header but no frame.");
    }

    private static sbyte? ClassOf(ReadOnlySpan<byte> name)
    {
        for (var c = 0; c < ClassNames.Length; c++)
        {
            if (name.SequenceEqual(ClassNames[c]))
            {
                return (sbyte)c;
            }
        }

        return null;
    }

    /// <summary>The places of the columns, from 0; -1 for one that is not there.</summary>
    private sealed record Columns(int Frame, int Label, int FacePresent)
    {
        public int Last { get; } = Math.Max(Math.Max(Frame, Label), FacePresent);

        public static Columns? Find(ReadOnlySpan<byte> header)
        {
            var names = Encoding.UTF8.GetString(header).Split(',', StringSplitOptions.TrimEntries);
            var columns = new Columns(Array.IndexOf(names, "frame"), Array.IndexOf(names, "label"), Array.IndexOf(names, "face_present"));
            return columns.Frame >= 0 && columns.Label >= 0 ? columns : null;
        }
    }
}
