using System.Collections.Immutable;
using ActorCluster.Processing.Inference;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Serialization;
using ActorCluster.Processing.Videos;

namespace ActorCluster.Processing.Slots;

/// <summary>What videos, inference nodes and the slot broker tell each other.</summary>
internal static class SlotMessages
{
    /// <summary>
    /// A video, or a trial, wants slots: how many units it could work on now. Replaces what it asked for before of this kind, alone or not; 0 takes it back.
    /// </summary>
    /// <param name="Key">The video, or the trial in the form of one.</param>
    /// <param name="Priority">Higher goes first.</param>
    /// <param name="Wanted">Units that wait.</param>
    /// <param name="Alone">The units are suspects: each must be the only one in its process.</param>
    /// <param name="Requester">The path of the actor that gets the slots; empty for the region of videos, which knows the video by its key.</param>
    internal sealed record RequestSlots(VideoKey Key, int Priority, int Wanted, bool Alone, string Requester) : IWireMessage;

    /// <summary>A grant that its video could not use.</summary>
    internal sealed record ReturnLease(string Lease) : IWireMessage;

    /// <summary>Every second from each inference node: its slots and live leases. It is the registration, too, so a new broker learns all from it.</summary>
    /// <param name="Node">The process's name.</param>
    /// <param name="Slots">How many units it works on at a time; 0 once it is leaving.</param>
    /// <param name="Leases">Its live leases.</param>
    /// <param name="Refuses">Runs that it cannot work for: it lacks their models, or computes other bits.</param>
    /// <param name="Meter">Where its time has gone so far.</param>
    /// <param name="DecodeLag">The share of the last ten seconds in which its device waited for decoding, 0 to 1.</param>
    /// <param name="DecodeClass">Its kind of machine as far as decoded bytes depend on it.</param>
    internal sealed record NodeHeartbeat(
        string Node, int Slots, ImmutableArray<LeaseReport> Leases, ImmutableArray<string> Refuses, MeterReading Meter, double DecodeLag, string DecodeClass) : IWireMessage;

    /// <summary>One live lease.</summary>
    /// <param name="Lease">The lease.</param>
    /// <param name="Key">The video it works for.</param>
    /// <param name="Unit">The unit.</param>
    /// <param name="Stage">What it is doing.</param>
    /// <param name="Progress">A number that grows with every frame, batch or byte block.</param>
    /// <param name="Waiting">Whether it waits for something that is not its own (the device, the store): silence then is no stall.</param>
    /// <param name="Alone">Whether it must be the only one in its process.</param>
    /// <param name="Requester">The path of the actor that it works for; empty for a video in the region.</param>
    internal sealed record LeaseReport(string Lease, VideoKey Key, int Unit, string Stage, long Progress, bool Waiting, bool Alone, string Requester) : IWireMessage;

    /// <summary>To a node: give this lease up and kill what works for it.</summary>
    internal sealed record RevokeLease(string Lease, string Reason) : IWireMessage;

    /// <summary>A node leaves: no more grants.</summary>
    internal sealed record NodeLeaves(string Node) : IWireMessage;

    /// <summary>How many slots are there?</summary>
    /// <param name="Paused">Whether a run asks that has work and is paused.</param>
    internal sealed record GetSlotTotals(bool Paused = false) : IWireMessage;

    /// <summary>To a node that is heard: nobody asks for slots, and runs that have work are paused.</summary>
    internal sealed record WorkIsPaused : IWireMessage;

    /// <summary>The cluster's slots.</summary>
    /// <param name="Nodes">Inference nodes.</param>
    /// <param name="Slots">Their slots.</param>
    /// <param name="InUse">Slots in use.</param>
    /// <param name="Meter">Where the nodes' time has gone, summed over those that are there now.</param>
    internal sealed record SlotTotals(int Nodes, int Slots, int InUse, MeterReading Meter) : IWireMessage;

    /// <summary>From a video to the node that granted a slot: work on this unit.</summary>
    /// <param name="Lease">The lease.</param>
    /// <param name="Key">The video.</param>
    /// <param name="Run">The run.</param>
    /// <param name="VideoId">The video's id.</param>
    /// <param name="Unit">What to do.</param>
    /// <param name="Attempt">How often it has been started, this time included.</param>
    /// <param name="Alone">Whether it must be the only one in its process.</param>
    /// <param name="PlanHash">The plan file's hash.</param>
    /// <param name="DoneChunks">Chunks of the unit whose features are stored.</param>
    /// <param name="AudioDone">Whether everything of the audio track is stored.</param>
    /// <param name="AudioFrom">The first segment of the audio track that is not stored.</param>
    /// <param name="Faces">The folder of face crops; empty for none.</param>
    /// <param name="Decoder">The path of the actor of a node that is to decode the unit; empty where the node itself is.</param>
    /// <param name="Trace">The span that this belongs to; empty where nobody traces.</param>
    internal sealed record StartUnit(
        string Lease, VideoKey Key, RunSpec Run, string VideoId, WorkUnit Unit, int Attempt, bool Alone, string PlanHash, ImmutableArray<int> DoneChunks, bool AudioDone, int AudioFrom, string Faces,
        string Decoder, string Trace = "") : IWireMessage;

    /// <summary>Classify some windows whose frames are all encoded; the broker passes it to a node that has the features.</summary>
    /// <param name="Key">The video.</param>
    /// <param name="Run">The run.</param>
    /// <param name="VideoId">The video's id.</param>
    /// <param name="PlanHash">The plan file's hash.</param>
    /// <param name="FirstWindow">The first window.</param>
    /// <param name="WindowCount">The number of windows.</param>
    /// <param name="Traces">The spans of the windows' chunks, with spaces between; empty where nobody traces.</param>
    internal sealed record ClassifyWindows(VideoKey Key, RunSpec Run, string VideoId, string PlanHash, int FirstWindow, int WindowCount, string Traces = "") : IWireMessage;
}
