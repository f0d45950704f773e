using ActorCluster.Core.Faults;
using ActorCluster.Operator.Palettes;
using ActorCluster.Processing.Runs;
using Akka.Actor;
using Petabridge.Cmd;
using Serilog;

namespace ActorCluster.PetabridgeCmd;

/// <summary>Streams the answer to one command to who asked, until it ends or the asker goes.</summary>
internal sealed class AnswerActor : ReceiveActor
{
    private readonly CancellationTokenSource _gone = new();
    private readonly CommandRunner _commands;
    private readonly CommandCall _call;
    private readonly IActorRef _asker;

    public AnswerActor(CommandRunner commands, CommandCall call, IActorRef asker)
    {
        (_commands, _call, _asker) = (commands, call, asker);
        Receive<Ended>(_ => Context.Stop(Self));
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    protected override void PreStart()
    {
        Context.Watch(_asker);
        var self = Self;
        _ = Task.Run(() => StreamAsync(_gone.Token)).ContinueWith(_ => self.Tell(new Ended()), TaskScheduler.Default);
    }

    protected override void PostStop()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task StreamAsync(CancellationToken gone)
    {
        CommandResponse last = CommandResponse.Empty;
        try
        {
            var lines = new AnswerLines();
            await foreach (var batch in AnswerLines.BatchAsync(_commands.RunAsync(_call, gone), gone))
            {
                if (batch is [CommandAnswer.Exit exit])
                {
                    last = exit.ExitCode == 0 ? CommandResponse.Empty : new ErroredCommandResponse($"{_call.Palette} {_call.Command.Name} ended with {exit.ExitCode}.");
                    break;
                }

                foreach (var line in lines.Of(batch))
                {
                    _asker.Tell(new CommandResponse(line, false));
                }
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            last = new ErroredCommandResponse(CauseOf(e));
        }

        _asker.Tell(last);
    }

    private string CauseOf(Exception failure)
    {
        switch (failure)
        {
            case CommandRefusedException { Nearest: [var nearest, ..] } e:
                return $"{e.Message} The nearest: {nearest}.";
            case CommandRefusedException or RunRequestException or EnvironmentFaultException:
                return failure.Message;
            default:
                Log.Logger.Error(failure, "operator: {Palette} {Command} failed in an unforeseen way", _call.Palette, _call.Command.Name);
                return "This should not happen. The node's log says more; please report it.";
        }
    }

    private sealed record Ended : INoSerializationVerificationNeeded;
}
