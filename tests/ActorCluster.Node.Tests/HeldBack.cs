using System.Globalization;

namespace ActorCluster.Node.Tests;

/// <summary>
/// What a process has in its environment that a test acts on in the middle of its work: it is held back at a late step, as by a slow disk, so that it is not
/// at its end however fast it works and however late the test looks. A test that is in time never sees it.
/// </summary>
internal static class HeldBack
{
    /// <summary>Longer than the process of a test gets no turn on a busy machine.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>Held back at a step, see <see cref="Storage.PausePoint"/>.</summary>
    /// <param name="step">The step.</param>
    /// <param name="subject">A part of the file's or video's name.</param>
    /// <param name="time">For how long each time.</param>
    public static Dictionary<string, string> At(string step, string subject, TimeSpan? time = null) => new()
    {
        ["ACTORCLUSTER_PAUSE"] = $"{step}@{subject}",
        ["ACTORCLUSTER_PAUSE_SECONDS"] = (time ?? Long).TotalSeconds.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Held back before a video's predictions are recorded, with nothing in flight.</summary>
    public static Dictionary<string, string> BeforeItsEnd(string video, TimeSpan? time = null) => At("committed", video, time);

    /// <summary>Held back in the last chunk of each long clip, which stays in flight.</summary>
    public static Dictionary<string, string> InTheLastChunk() => At("written", "/000005.safetensors");
}
