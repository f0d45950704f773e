using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>
/// A video's predictions drawn small: at most <see cref="MaxColumns"/> columns of equal duration, each one text of 8 characters from the base64
/// alphabet. Characters 0 to 6 are the column's mean probabilities as the upper ends of the classes 0 to 6 when stacked, in 1/63 (the last class
/// takes the rest); character 7 holds the commonest label (bits 0-2), whether no, some or all frames have a face (bits 3-4) and whether any has
/// audio (bit 5).
/// </summary>
public static class TimelineColumns
{
    /// <summary>The most columns.</summary>
    public const int MaxColumns = 480;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int Levels = 63;

    /// <summary>Draws a video.</summary>
    /// <param name="predictions">Its predictions, at least one frame.</param>
    public static string Encode(FramePredictions predictions)
    {
        var columns = Math.Min(MaxColumns, predictions.Count);
        var start = predictions.PtsSeconds[0];
        // The last frame lasts as long as the average one, so that it has its place before the end.
        var span = EndSeconds(predictions) - start;
        return string.Create(columns * Expressions.Count, (predictions, start, span), static (text, video) =>
        {
            var columns = text.Length / Expressions.Count;
            var column = new Column();
            var frame = 0;
            for (var c = 0; c < columns; c++)
            {
                column.Clear();
                // Every frame is in one column; one that no frame starts in shows the frame that is still on screen.
                var first = frame;
                while (frame < video.predictions.Count && ColumnOf(video.predictions.PtsSeconds[frame], video.start, video.span, video.predictions.Count, columns) <= c)
                {
                    column.Add(video.predictions, frame++);
                }

                if (frame == first)
                {
                    column.Add(video.predictions, Math.Max(0, frame - 1));
                }

                column.Write(text.Slice(c * Expressions.Count, Expressions.Count));
            }
        });
    }

    /// <summary>When the last frame ends, in seconds, if it lasts as long as the average one; a lone frame lasts 1/25 s.</summary>
    public static double EndSeconds(FramePredictions predictions)
    {
        var n = predictions.Count;
        var last = predictions.PtsSeconds[n - 1];
        return n == 1 ? last + 0.04 : last + ((last - predictions.PtsSeconds[0]) / (n - 1));
    }

    // By the middle of an average frame, so that timestamps rounded to ticks do not fall on the wrong side of a column's border.
    private static int ColumnOf(double seconds, double start, double span, int frames, int columns) =>
        (int)Math.Clamp((((seconds - start) / span) + (0.5 / frames)) * columns, 0, columns - 1);

    private sealed class Column
    {
        private readonly double[] sums = new double[Expressions.Count];
        private readonly int[] labels = new int[Expressions.Count];
        private int frames;
        private int faces;
        private bool audio;

        public void Clear()
        {
            Array.Clear(sums);
            Array.Clear(labels);
            frames = faces = 0;
            audio = false;
        }

        public void Add(FramePredictions predictions, int frame)
        {
            for (var c = 0; c < sums.Length; c++)
            {
                sums[c] += predictions.Probability(frame, (Expression)c);
            }

            labels[(int)predictions.Labels[frame]]++;
            frames++;
            faces += predictions.Flags[frame].HasFlag(FrameFlags.FacePresent) ? 1 : 0;
            audio |= predictions.Flags[frame].HasFlag(FrameFlags.AudioPresent);
        }

        public void Write(Span<char> text)
        {
            var total = 0.0;
            for (var c = 0; c < text.Length - 1; c++)
            {
                total += sums[c];
                text[c] = Alphabet[(int)Math.Round(Math.Clamp(total / frames, 0, 1) * Levels)];
            }

            var label = Array.IndexOf(labels, labels.Max());
            var face = faces == 0 ? 0 : faces < frames ? 1 : 2;
            text[^1] = Alphabet[label | (face << 3) | (audio ? 1 << 5 : 0)];
        }
    }
}
