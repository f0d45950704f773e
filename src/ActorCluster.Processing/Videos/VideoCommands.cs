using System.Collections.Immutable;
using ActorCluster.Core;
using ActorCluster.Processing.Runs;

namespace ActorCluster.Processing.Videos;

/// <summary>What a video's actor is told.</summary>
internal static class VideoCommands
{
    /// <summary>Process this video; sent again every few seconds as a ping, so it must stay idempotent.</summary>
    /// <param name="Key">The video.</param>
    /// <param name="Run">The run.</param>
    /// <param name="Id">The video's id.</param>
    /// <param name="Uri">Its file.</param>
    /// <param name="Faces">The folder of face crops; empty for none.</param>
    /// <param name="WasThere">Whether the file was there when the run was submitted.</param>
    /// <param name="Priority">The run's priority.</param>
    internal sealed record ProcessVideo(VideoKey Key, RunSpec Run, string Id, string Uri, string Faces, bool WasThere, int Priority = 0) : IVideoMessage;

    /// <summary>The run has stored the video's outcome; the video's history can be reduced.</summary>
    internal sealed record OutcomeRecorded(VideoKey Key) : IVideoMessage;

    /// <summary>The run has paused itself or was cancelled: give up what is in flight and come to rest. Both this and the next are repeated until <see cref="RunCommands.VideoRested"/>.</summary>
    internal sealed record StandDown(VideoKey Key) : IVideoMessage;

    /// <summary>An operator paused the run: start nothing new, let what is in flight finish and come to rest.</summary>
    internal sealed record HoldVideo(VideoKey Key) : IVideoMessage;

    /// <summary>An operator quarantines the video.</summary>
    internal sealed record QuarantineVideo(VideoKey Key, string Cause) : IVideoMessage;

    /// <summary>What has happened to the video?</summary>
    /// <param name="Key">The video.</param>
    /// <param name="FirstUnit">The unit from which on units are told; an answer has only so many.</param>
    internal sealed record GetVideo(VideoKey Key, int FirstUnit) : IVideoMessage;

    /// <summary>The broker grants slots on one node.</summary>
    /// <param name="Key">The video.</param>
    /// <param name="Leases">A lease for each slot.</param>
    /// <param name="Node">The node's name.</param>
    /// <param name="NodePath">Where it is reached.</param>
    /// <param name="Alone">Whether the unit must be the only one in its process; there is one lease then.</param>
    /// <param name="Decoder">The path of the actor of a node that is to decode the units; empty where the node itself is.</param>
    internal sealed record SlotsGranted(VideoKey Key, ImmutableArray<string> Leases, string Node, string NodePath, bool Alone, string Decoder) : IVideoMessage;

    /// <summary>The broker has taken a lease back: its node fell silent, the work stopped making progress, or the node never showed it.</summary>
    /// <param name="Key">The video.</param>
    /// <param name="Lease">The lease.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="NodeLost">Whether its whole node fell silent.</param>
    /// <param name="Stalled">Whether work that had begun stopped making progress; a lease that never began is not the video's fault.</param>
    internal sealed record LeaseLost(VideoKey Key, string Lease, string Reason, bool NodeLost, bool Stalled) : IVideoMessage;

    /// <summary>Results of a unit are durable in the feature store. Sent until <see cref="VideoReplies.WorkRecorded"/> comes back.</summary>
    /// <param name="Key">The video.</param>
    /// <param name="Lease">The lease.</param>
    /// <param name="Unit">The unit.</param>
    /// <param name="FirstChunk">The first chunk; -1 for the audio track alone.</param>
    /// <param name="ChunkCount">The number of chunks.</param>
    /// <param name="Audio">Whether the audio track is stored.</param>
    /// <param name="Seconds">How long it took.</param>
    /// <param name="Trace">The span of the work; empty where nobody traces.</param>
    internal sealed record WorkStored(VideoKey Key, string Lease, int Unit, int FirstChunk, int ChunkCount, bool Audio, double Seconds, string Trace = "") : IVideoMessage;

    /// <summary>The first segments of a unit's audio track are durable. News only: a lost one costs no more than doing them again after a death.</summary>
    internal sealed record AudioAdvanced(VideoKey Key, int Unit, int Segments) : IVideoMessage;

    /// <summary>A unit failed. Sent until <see cref="VideoReplies.WorkRecorded"/> comes back.</summary>
    internal sealed record WorkFailed(VideoKey Key, string Lease, int Unit, Fault Fault) : IVideoMessage;

    /// <summary>A unit was given up without fault, because its node stops, or never begun, because the node had no room for it. Sent until <see cref="VideoReplies.WorkRecorded"/> comes back.</summary>
    internal sealed record WorkInterrupted(VideoKey Key, string Lease, int Unit, string Reason, bool NeverBegan = false) : IVideoMessage;

    /// <summary>How far a unit has come, every second: for those who watch, and for a video's actor that has just recovered and knows no leases.</summary>
    internal sealed record WorkProgressed(VideoKey Key, int Unit, string Stage, int Frames, string Lease) : IVideoMessage;

    /// <summary>Probabilities of some windows, ready to vote.</summary>
    /// <param name="Key">The video.</param>
    /// <param name="FirstWindow">The first window.</param>
    /// <param name="WindowCount">The number of windows.</param>
    /// <param name="Probabilities">Half floats, little endian, [windows, T, 8].</param>
    /// <param name="Flags"><see cref="FrameFlags"/> as bytes, [windows, T].</param>
    /// <param name="Traces">The spans of the classification, with spaces between; empty where nobody traces.</param>
    internal sealed record WindowsClassified(VideoKey Key, int FirstWindow, int WindowCount, byte[] Probabilities, byte[] Flags, string Traces = "") : IVideoMessage;

    /// <summary>Windows could not be classified: their features are missing or damaged, or the node failed.</summary>
    internal sealed record ClassificationFailed(VideoKey Key, int FirstWindow, ImmutableArray<int> DamagedChunks, Fault Fault, bool DamagedAudio) : IVideoMessage;
}
