using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Audit;

/// <summary>What the record of operators' commands is told and asked.</summary>
internal static class AuditMessages
{
    /// <summary>Store this command. Answered with <see cref="CommandRecorded"/>.</summary>
    internal sealed record RecordCommand(string Who, string Node, string Palette, string Command, string Arguments) : IWireMessage;

    /// <summary>The command is stored.</summary>
    internal sealed record CommandRecorded : IWireMessage;

    /// <summary>The newest commands, please.</summary>
    /// <param name="Skip">How many of the newest to leave out.</param>
    /// <param name="Take">How many, at most.</param>
    internal sealed record GetCommands(int Skip, int Take) : IWireMessage;

    /// <summary>Some of the newest commands, the newest first; as many as fit into a message.</summary>
    internal sealed record CommandsListed(ImmutableArray<CommandAudited> Commands) : IWireMessage;
}
