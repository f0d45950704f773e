#pragma warning disable CA1040, CA1716, CA1724, SA1402 // The names are the package's.
using Akka.Actor;

namespace Petabridge.Cmd
{
    /// <summary>The part of Petabridge.Cmd.Common that public code is known to compile against.</summary>
    public sealed class CommandDefinitionBuilder
    {
        private readonly CommandDefinition _definition = new();

        public CommandDefinitionBuilder WithName(string name)
        {
            _definition.Name = name;
            return this;
        }

        public CommandDefinitionBuilder WithDescription(string description)
        {
            _definition.Description = description;
            return this;
        }

        public CommandDefinitionBuilder WithArgument(Action<ArgumentBuilder> build)
        {
            var argument = new ArgumentBuilder();
            build(argument);
            _definition.ArgumentsByName[argument.Argument.Name] = argument.Argument;
            return this;
        }

        public CommandDefinition Build() => _definition;
    }

    public sealed class ArgumentBuilder
    {
        public ArgumentDefinition Argument { get; } = new();

        public ArgumentBuilder WithName(string name)
        {
            Argument.Name = name;
            return this;
        }

        public ArgumentBuilder WithDescription(string description)
        {
            Argument.Description = description;
            return this;
        }

        public ArgumentBuilder IsMandatory(bool isMandatory)
        {
            Argument.IsMandatory = isMandatory;
            return this;
        }

        public ArgumentBuilder AllowMultiple(bool allowMultiple)
        {
            Argument.AllowMultiple = allowMultiple;
            return this;
        }

        public ArgumentBuilder WithSwitch(string name)
        {
            Argument.Switch.Add(name);
            return this;
        }

        public ArgumentBuilder WithDefaultValues(params string[] values)
        {
            Argument.DefaultValues.AddRange(values);
            return this;
        }

        public ArgumentBuilder WithDefaultValue(string value) => WithDefaultValues(value);
    }

    public sealed class ArgumentDefinition
    {
        public string Name { get; set; } = "";

        public string Description { get; set; } = "";

        public bool IsMandatory { get; set; }

        public bool AllowMultiple { get; set; }

        public List<string> Switch { get; } = [];

        public List<string> DefaultValues { get; } = [];
    }

    public sealed class CommandDefinition
    {
        public string Name { get; set; } = "";

        public string Description { get; set; } = "";

        public IDictionary<string, ArgumentDefinition> ArgumentsByName { get; } = new Dictionary<string, ArgumentDefinition>();
    }

    public class CommandPalette(string moduleName, IEnumerable<CommandDefinition> definitions)
    {
        public string ModuleName { get; } = moduleName;

        public IReadOnlyList<CommandDefinition> Definitions { get; } = [.. definitions];
    }

    public sealed class Command(string palette, string command, Tuple<string, string>[] arguments)
    {
        public string Palette { get; } = palette;

        public string Name { get; } = command;

        public IEnumerable<Tuple<string, string>> Arguments { get; } = arguments;
    }

    public class CommandResponse(string msg, bool final)
    {
        public CommandResponse(string msg)
            : this(msg, true)
        {
        }

        public static CommandResponse Empty { get; } = new("");

        public string Msg { get; } = msg;

        public bool Final { get; } = final;
    }

    public sealed class ErroredCommandResponse(string msg, bool final) : CommandResponse(msg, final)
    {
        public ErroredCommandResponse(string msg)
            : this(msg, true)
        {
        }
    }
}

namespace Petabridge.Cmd.Host
{
    /// <summary>The part of Petabridge.Cmd.Host that public code is known to compile against.</summary>
    public abstract class CommandPaletteHandler(CommandPalette palette)
    {
        public CommandPalette Palette { get; } = palette;

        public abstract Props HandlerProps { get; }

        public virtual void OnRegister(PetabridgeCmd plugin)
        {
        }
    }

    public class CommandHandlerActor : ReceiveActor
    {
        private readonly Dictionary<string, Action<Command>> _commands = [];

        public CommandHandlerActor(CommandPalette palette)
        {
            ArgumentNullException.ThrowIfNull(palette);
            Receive<Command>(command => _commands[command.Name](command));
        }

        protected void Process(string commandName, Action<Command> handler) => _commands.Add(commandName, handler);
    }

    public sealed class PetabridgeCmd(ExtendedActorSystem system) : IExtension
    {
        public ExtendedActorSystem Sys { get; } = system;

        public List<CommandPaletteHandler> Registered { get; } = [];

        public bool IsStarted { get; private set; }

        public static PetabridgeCmd Get(ActorSystem system) => system.WithExtension<PetabridgeCmd, Provider>();

        public bool RegisterCommandPalette(CommandPaletteHandler handler)
        {
            handler.OnRegister(this);
            Registered.Add(handler);
            return true;
        }

        public void Start() => IsStarted = true;

        private sealed class Provider : ExtensionIdProvider<PetabridgeCmd>
        {
            public override PetabridgeCmd CreateExtension(ExtendedActorSystem system) => new(system);
        }
    }
}
