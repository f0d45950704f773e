using ActorCluster.Core.Formats;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Operator.Explaining;

/// <summary>How long a run will still take, from its own pace.</summary>
/// <param name="Seconds">The estimate in seconds.</param>
/// <param name="Least">It takes less with a probability of about 1 in 40.</param>
/// <param name="Most">It takes more with a probability of about 1 in 40.</param>
/// <param name="Rate">Seconds of video for each second.</param>
public sealed record TimeLeft(double Seconds, double Least, double Most, double Rate)
{
    private const int FewestBlocks = 3;
    private const double MostUncertain = 1.5;

    /// <summary>Estimates it: what is left by the mean rate, each with its error, taken as log-normal.</summary>
    /// <returns>The estimate; null while it would be a guess.</returns>
    public static TimeLeft? Of(RunPace pace)
    {
        if (pace.Rates.Length < FewestBlocks || pace.KnownVideos == 0)
        {
            return null;
        }

        var mean = pace.Rates.Average();
        if (mean <= 0)
        {
            return null;
        }

        var variance = pace.Rates.Sum(r => (r - mean) * (r - mean)) / (pace.Rates.Length - 1);
        var relative = pace.SecondsLeft > 0 ? pace.SecondsLeftError / pace.SecondsLeft : 0;
        var error = Math.Sqrt((variance / pace.Rates.Length / (mean * mean)) + (relative * relative));
        var seconds = pace.SecondsLeft / mean;
        return error > MostUncertain ? null : new TimeLeft(seconds, seconds * Math.Exp(-2 * error), seconds * Math.Exp(2 * error), mean);
    }

    /// <summary>In words.</summary>
    public static string Words(RunPace pace)
    {
        var video = pace.KnownVideos == 0 ? "no video's duration is known yet" : $"{DurationText.Words(pace.SecondsLeft)} of video left{Plus(pace)}";
        if (Of(pace) is { } left)
        {
            return $"About {DurationText.Words(left.Seconds)} left ({DurationText.Words(left.Least)} to {DurationText.Words(left.Most)}): {video}, at {left.Rate:0.##} s of video a second over the last {DurationText.Words(pace.Rates.Length * pace.BlockSeconds)}.";
        }

        return pace.Rates.Length < FewestBlocks
            ? $"Too early to tell how long it takes: {video}; ask again in half a minute."
            : pace.Rates.All(r => r <= 0)
                ? $"No telling how long it takes: {video}, and nothing was done in the last {DurationText.Words(pace.Rates.Length * pace.BlockSeconds)}."
                : $"No telling how long it takes: {video}, and its pace changes too much.";
    }

    private static string Plus(RunPace pace) => pace.SecondsLeftError > pace.SecondsLeft / 100 ? $" (give or take {DurationText.Words(2 * pace.SecondsLeftError)})" : "";
}
