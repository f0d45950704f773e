using ActorCluster.Processing.Audit;
using Akka.Actor;
using static ActorCluster.Processing.Audit.AuditMessages;

namespace ActorCluster.Processing.Tests.Audit;

public sealed class AuditActorTests : ActorTest
{
    [Fact]
    public void RecordCommand_ManyAndACrash_AreAllStoredAndTheNewestAreTold()
    {
        var audit = Sys.ActorOf(AuditActor.Props());
        for (var i = 0; i < 510; i++)
        {
            audit.Tell(new RecordCommand("ann", "node", "run", "pause", $"{i}"), TestActor);
            ExpectMsg<CommandRecorded>();
        }

        Kill(audit);
        audit = Sys.ActorOf(AuditActor.Props());
        audit.Tell(new GetCommands(0, 2), TestActor);
        Assert.Equal(["509", "508"], ExpectMsg<CommandsListed>().Commands.Select(c => c.Arguments));
        Assert.Equal(510, Written<CommandAudited>("audit").Count());
    }

    [Fact]
    public void RecordCommand_JournalFails_IsNotAnswered()
    {
        ProbedJournal.FailWhen(Sys, (id, _) => id == "audit");
        var audit = Sys.ActorOf(AuditActor.Props());
        audit.Tell(new RecordCommand("ann", "node", "run", "pause", ""), TestActor);
        Watch(audit);
        ExpectTerminated(audit); // Nothing but this comes: its supervisor brings it back, and the command is not done.
    }
}
