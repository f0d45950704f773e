using System.Collections.Frozen;
using System.Runtime.Serialization;
using ActorCluster.Processing.Audit;
using ActorCluster.Processing.Control;
using ActorCluster.Processing.Decoding;
using ActorCluster.Processing.Hosting;
using ActorCluster.Processing.Runs;
using ActorCluster.Processing.Slots;
using ActorCluster.Processing.Trials;
using ActorCluster.Processing.Videos;
using ActorCluster.Processing.Voting;
using Akka.Actor;
using Akka.Serialization;

namespace ActorCluster.Processing.Serialization;

/// <summary>
/// Protobuf with short names for everything that implements <see cref="IWireMessage"/>. Names and the identifier are in stored journals: they never
/// change their meaning.
/// </summary>
internal sealed class MessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>What one message may have: far under a remote frame, so that nothing large ever crosses the network by accident.</summary>
    public const int LargestMessage = 64 * 1024;

    private static readonly FrozenDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        ["rc1"] = typeof(RunCommands.SubmitRun),
        ["rc2"] = typeof(RunCommands.RunAccepted),
        ["rc3"] = typeof(RunCommands.RunFinished),
        ["rc4"] = typeof(RunCommands.DriveRun),
        ["rc5"] = typeof(RunCommands.EndRecorded),
        ["rc6"] = typeof(RunCommands.VideoFinished),
        ["rc7"] = typeof(RunCommands.VideoTroubled),
        ["rc8"] = typeof(RunCommands.VideoProgressed),
        ["rc9"] = typeof(RunCommands.ResumeRun),
        ["rc10"] = typeof(RunCommands.CheckRun),
        ["rc11"] = typeof(RunCommands.RunChecked),
        ["rc12"] = typeof(RunCommands.FreezeRun),
        ["rc13"] = typeof(RunCommands.RunIsFrozen),
        ["rc14"] = typeof(RunCommands.FreezeFailed),
        ["rc15"] = typeof(RunCommands.RunTold),
        ["rc16"] = typeof(RunCommands.ForgetRun),
        ["rc17"] = typeof(RunCommands.RunForgotten),
        ["rc18"] = typeof(RunCommands.VideoRested),
        ["rc19"] = typeof(RunCommands.PauseRun),
        ["rc20"] = typeof(RunCommands.CancelRun),
        ["rc21"] = typeof(RunCommands.PrioritiseRun),
        ["rc22"] = typeof(RunCommands.RetryVideos),
        ["rc23"] = typeof(RunCommands.QuarantineVideo),
        ["rc24"] = typeof(RunCommands.WriteReport),
        ["rc25"] = typeof(RunCommands.DeleteRun),
        ["rc26"] = typeof(RunCommands.RunAnswered),
        ["rq3"] = typeof(RunQueries.GetRuns),
        ["rq4"] = typeof(RunQueries.RunsListed),
        ["rq1"] = typeof(RunQueries.GetRunProgress),
        ["rq2"] = typeof(RunQueries.RunProgress),
        ["nc9"] = typeof(RunQueries.GetRunPace),
        ["nc10"] = typeof(RunPace),
        ["re1"] = typeof(RunEvents.RunSubmitted),
        ["re2"] = typeof(RunEvents.RunEnded),
        ["re3"] = typeof(RunEvents.RunStarted),
        ["re4"] = typeof(RunEvents.RunExtended),
        ["re5"] = typeof(RunEvents.VideosFinished),
        ["re6"] = typeof(RunEvents.RunPaused),
        ["re7"] = typeof(RunEvents.RunResumed),
        ["re8"] = typeof(RunEvents.RunCompleted),
        ["re9"] = typeof(RunEvents.RunDeleted),
        ["re10"] = typeof(RunEvents.RunCancelled),
        ["re11"] = typeof(RunEvents.RunPriorityChanged),
        ["re12"] = typeof(RunEvents.VideosRetried),
        ["rs1"] = typeof(DatasetRunState),
        ["vc1"] = typeof(VideoCommands.ProcessVideo),
        ["vc2"] = typeof(VideoCommands.OutcomeRecorded),
        ["vc3"] = typeof(VideoCommands.StandDown),
        ["vc4"] = typeof(VideoCommands.SlotsGranted),
        ["vc5"] = typeof(VideoCommands.LeaseLost),
        ["vc6"] = typeof(VideoCommands.WorkStored),
        ["vc7"] = typeof(VideoCommands.WorkFailed),
        ["vc8"] = typeof(VideoCommands.WorkInterrupted),
        ["vc9"] = typeof(VideoCommands.WorkProgressed),
        ["vc10"] = typeof(VideoCommands.WindowsClassified),
        ["vc11"] = typeof(VideoCommands.ClassificationFailed),
        ["vc12"] = typeof(VideoCommands.AudioAdvanced),
        ["vc13"] = typeof(VideoCommands.HoldVideo),
        ["vc14"] = typeof(VideoCommands.QuarantineVideo),
        ["vc15"] = typeof(VideoCommands.GetVideo),
        ["vr2"] = typeof(VideoReplies.VideoShown),
        ["vr1"] = typeof(VideoReplies.WorkRecorded),
        ["ve1"] = typeof(VideoEvents.VideoPlanned),
        ["ve2"] = typeof(VideoEvents.ChunkStarted),
        ["ve3"] = typeof(VideoEvents.ChunkEncoded),
        ["ve4"] = typeof(VideoEvents.ChunkReleased),
        ["ve5"] = typeof(VideoEvents.ChunkSuspected),
        ["ve6"] = typeof(VideoEvents.ChunksLost),
        ["ve7"] = typeof(VideoEvents.PublishIntended),
        ["ve8"] = typeof(VideoEvents.VideoPublished),
        ["ve9"] = typeof(VideoEvents.VideoQuarantined),
        ["ve10"] = typeof(VideoEvents.SegmentsEncoded),
        ["ve11"] = typeof(VideoEvents.VideoRestarted),
        ["vs1"] = typeof(VideoState),
        ["vo1"] = typeof(VotingMessages.FramesDecided),
        ["sl1"] = typeof(SlotMessages.RequestSlots),
        ["sl2"] = typeof(SlotMessages.ReturnLease),
        ["sl3"] = typeof(SlotMessages.NodeHeartbeat),
        ["sl4"] = typeof(SlotMessages.RevokeLease),
        ["sl5"] = typeof(SlotMessages.NodeLeaves),
        ["sl6"] = typeof(SlotMessages.GetSlotTotals),
        ["sl7"] = typeof(SlotMessages.SlotTotals),
        ["sl8"] = typeof(SlotMessages.StartUnit),
        ["ad1"] = typeof(AdmissionMessages.RequestAdmission),
        ["ad2"] = typeof(AdmissionMessages.Admitted),
        ["ad3"] = typeof(AdmissionMessages.Refused),
        ["sl9"] = typeof(SlotMessages.ClassifyWindows),
        ["dc1"] = typeof(DecodeMessages.DecoderHeartbeat),
        ["dc2"] = typeof(DecodeMessages.OpenDecode),
        ["dc3"] = typeof(DecodeMessages.DecodeOffered),
        ["dc4"] = typeof(DecodeMessages.DecodeRefused),
        ["tr1"] = typeof(TrialMessages.StartTrial),
        ["tr2"] = typeof(TrialMessages.TrialProgressed),
        ["tr3"] = typeof(TrialMessages.TrialEnded),
        ["tr4"] = typeof(TrialMessages.TrialReleased),
        ["tr5"] = typeof(TrialMessages.TrialFailed),
        ["tr6"] = typeof(TrialMessages.TrialRecorded),
        ["au1"] = typeof(AuditMessages.RecordCommand),
        ["au2"] = typeof(AuditMessages.CommandRecorded),
        ["au3"] = typeof(AuditMessages.GetCommands),
        ["au4"] = typeof(AuditMessages.CommandsListed),
        ["ae1"] = typeof(CommandAudited),
        ["as1"] = typeof(AuditState),
        ["nc1"] = typeof(ControlMessages.GetNodeReport),
        ["nc2"] = typeof(NodeReport),
        ["nc3"] = typeof(ControlMessages.SetDrained),
        ["nc4"] = typeof(ControlMessages.SetSlots),
        ["nc5"] = typeof(ControlMessages.LeaveCluster),
        ["nc6"] = typeof(ControlOutcome),
        ["nc7"] = typeof(ControlMessages.GetShards),
        ["nc8"] = typeof(ControlMessages.ShardsCounted),
        ["nc11"] = typeof(SlotMessages.WorkIsPaused),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Manifests = Types.ToFrozenDictionary(t => t.Value, t => t.Key);
    private static readonly WireModel Model = new(Types.Values);

    /// <summary>Every message there is.</summary>
    public static IEnumerable<Type> MessageTypes => Types.Values;

    /// <inheritdoc/>
    public override int Identifier => 1710;

    /// <inheritdoc/>
    public override string Manifest(object o) =>
        Manifests.TryGetValue(o.GetType(), out var manifest) ? manifest : throw new SerializationException($"{o.GetType().Name} has no name on the wire.");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        var bytes = Model.Write(obj);
        // Snapshots, and events that grow with a run, stay in the process that wrote them or in its database; everything else may cross the network.
        return bytes.Length <= LargestMessage || obj is DatasetRunState or VideoState or AuditState or RunEvents.RunExtended or RunEvents.VideosFinished or RunEvents.VideosRetried
            ? bytes
            : throw new SerializationException($"A {obj.GetType().Name} of {bytes.Length} bytes exceeds the {LargestMessage} that a message may have.");
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Types.TryGetValue(manifest, out var type))
        {
            throw new SerializationException($"No message is named '{manifest}': it comes from a newer version.");
        }

        try
        {
            return Model.Read(bytes, type);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Remoting drops a message for this exception alone; any other closes the connection.
            throw new SerializationException($"A {type.Name} of {bytes.Length} bytes is damaged: {e.Message}", e);
        }
    }
}
