using System.Globalization;
using System.Text.RegularExpressions;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Labels;
using ActorCluster.Media;
using ActorCluster.Storage;

namespace ActorCluster.Node.Doctor;

/// <summary>The video files below a folder, each probed once.</summary>
internal sealed partial class VideoFiles
{
    // The rate in a name is rounded to a whole number.
    private const double RateTolerance = 0.05;

    // Gaps of constant rates differ by a tick of a coarse time base; a dropped frame doubles one.
    private const double GapTolerance = 0.25;

    // Encoders pad the sound to whole packets, and cameras stop the two at different moments.
    private const double LengthToleranceSeconds = 0.5;

    private readonly Dictionary<string, List<string>> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int?> _frames = new(StringComparer.Ordinal);
    private readonly VideoProbe _probe = new(FfmpegTools.Locate());
    private readonly string _root;

    /// <summary>Lists the files.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public VideoFiles(string root)
    {
        _root = Directory.Exists(root) ? Path.GetFullPath(root) : throw new UsageException($"There is no folder '{root}'.");
        foreach (var path in InputScanner.Scan([_root], []).Entries.Select(v => v.Uri))
        {
            var stem = Path.GetFileNameWithoutExtension(path);
            if (!_paths.TryGetValue(stem, out var paths))
            {
                _paths[stem] = paths = [];
            }

            paths.Add(path);
        }
    }

    /// <summary>The number of videos probed.</summary>
    public int Probed => _frames.Values.Count(f => f is not null);

    /// <summary>The number of frames of the video that a person or video id belongs to; null when it cannot be told, which is a finding then.</summary>
    public int? FramesOf(string id, Findings findings, CancellationToken cancellation)
    {
        var name = _paths.ContainsKey(id) ? id : BaseVideo.Of(id);
        if (!_paths.TryGetValue(name, out var paths))
        {
            findings.Problem(id, $"There is no video file '{name}'.");
            return null;
        }

        if (!_frames.TryGetValue(name, out var frames))
        {
            if (paths.Count > 1)
            {
                findings.Notice(name, $"There are {paths.Count} video files of this name ({string.Join(", ", paths.Select(p => Path.GetRelativePath(_root, p)))}); the first was looked at.");
            }

            _frames[name] = frames = Probe(name, paths[0], findings, cancellation);
        }

        return frames;
    }

    private int? Probe(string name, string path, Findings findings, CancellationToken cancellation)
    {
        try
        {
            var info = _probe.ProbeAsync(path, cancellation).GetAwaiter().GetResult();
            CheckRate(name, info, findings);
            CheckAudio(name, info, findings);
            return info.Timeline.Count;
        }
        catch (InputFaultException e)
        {
            findings.Problem(name, e.Cause);
            return null;
        }
    }

    private static void CheckRate(string name, VideoInfo info, Findings findings)
    {
        var timeline = info.Timeline;
        if (timeline.Count < 2)
        {
            return;
        }

        var rate = (timeline.Count - 1) / timeline.TimeBase.ToSeconds(timeline.Pts[^1] - timeline.Pts[0]);
        var typical = timeline.TypicalDuration;
        var uneven = Enumerable.Range(1, timeline.Count - 1).Count(i => Math.Abs(timeline.Pts[i] - timeline.Pts[i - 1] - typical) > Math.Max(1, GapTolerance * typical));
        if (uneven > 0)
        {
            findings.Notice(name, $"The frame rate varies: {uneven:N0} of {timeline.Count - 1:N0} gaps between frames are not the usual {1000 * timeline.TimeBase.ToSeconds(typical):0.#} ms.");
        }

        if (RateInName().Match(name) is { Success: true } match)
        {
            var named = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (Math.Abs(rate - named) > RateTolerance * named)
            {
                findings.Notice(name, $"Its name says {named:0} frames a second; the file has {rate:0.##}.");
            }
        }
    }

    private static void CheckAudio(string name, VideoInfo info, Findings findings)
    {
        if (info.Audio is not { } audio)
        {
            findings.Notice(name, "It has no sound.");
            return;
        }

        var video = info.Timeline.DurationSeconds;
        if (audio.DurationSeconds > 0 && Math.Abs(audio.DurationSeconds - video) > LengthToleranceSeconds)
        {
            findings.Notice(name, $"The sound has {audio.DurationSeconds:0.0} s as the file claims, the picture {video:0.0} s.");
        }
    }

    /// <summary>The rate in names such as <c>10-60-1280x720</c>.</summary>
    [GeneratedRegex(@"\A[^-]+-([1-9][0-9]{0,2})-[0-9]+x[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex RateInName();
}
