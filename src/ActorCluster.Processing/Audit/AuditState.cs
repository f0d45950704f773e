using System.Collections.Immutable;
using System.Text;
using ActorCluster.Processing.Serialization;
using static ActorCluster.Processing.Audit.AuditMessages;

namespace ActorCluster.Processing.Audit;

/// <summary>The newest of the commands that operators gave, without an actor or a clock; also the snapshot. All of them stay in the journal.</summary>
/// <param name="Newest">Oldest first.</param>
internal sealed record AuditState(ImmutableArray<CommandAudited> Newest) : IWireMessage
{
    /// <summary>How many commands can be asked for.</summary>
    public const int MostKept = 500;

    /// <summary>The most UTF-8 bytes of a command's arguments that are stored.</summary>
    public const int MostArgumentBytes = 2 * 1024;

    /// <summary>The most UTF-8 bytes of a name: who, which node, palette, command.</summary>
    public const int MostNameBytes = 200;

    private const int MostAnswerBytes = 48 * 1024;
    private const int BytesAround = 32;

    /// <summary>Nothing was commanded yet.</summary>
    public static AuditState Empty { get; } = new([]);

    /// <summary>A command was given.</summary>
    public static CommandAudited Process(RecordCommand m, long at) =>
        new(at, Cut(m.Who, MostNameBytes), Cut(m.Node, MostNameBytes), Cut(m.Palette, MostNameBytes), Cut(m.Command, MostNameBytes), Cut(m.Arguments, MostArgumentBytes));

    /// <summary>The state after an event.</summary>
    public AuditState Apply(CommandAudited e) => new(Newest.Length < MostKept ? Newest.Add(e) : [.. Newest.Skip(Newest.Length - MostKept + 1), e]);

    /// <summary>The newest commands, the newest first; fewer than asked for where they would not fit into a message.</summary>
    public CommandsListed List(GetCommands m)
    {
        var (listed, bytes) = (ImmutableArray.CreateBuilder<CommandAudited>(), 0);
        foreach (var command in Newest.Reverse().Skip(Math.Max(0, m.Skip)).Take(Math.Max(0, m.Take)))
        {
            bytes += BytesAround + new[] { command.Who, command.Node, command.Palette, command.Command, command.Arguments }.Sum(Encoding.UTF8.GetByteCount);
            if (bytes > MostAnswerBytes)
            {
                break;
            }

            listed.Add(command);
        }

        return new CommandsListed(listed.ToImmutable());
    }

    private static string Cut(string text, int mostBytes)
    {
        var (kept, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > mostBytes)
            {
                return string.Concat(text.AsSpan(0, kept), "…");
            }

            kept += rune.Utf16SequenceLength;
        }

        return text;
    }
}
