using System.CommandLine;
using ActorCluster.Processing.Inference;

namespace ActorCluster.Node;

/// <summary>The options that say where models are and what they run on.</summary>
internal sealed class InferenceOptions
{
    /// <summary>The variable of the environment that says where models are.</summary>
    public const string ModelsVariable = "ACTORCLUSTER_MODELS";

    private readonly Option<string?> _models = new("--models")
    {
        Description = $"Folder of models that pipelines name without a path. By default {ModelsVariable} of the environment.",
        HelpName = "folder",
    };

    private readonly Option<string> _device = DeviceOption.Create();

    private readonly Option<int> _threads = new("--encoder-threads")
    {
        Description = "CPU threads of each large network; as many networks as there are cores for work side by side. Last bits depend on it, so a run keeps its number.",
        DefaultValueFactory = _ => 1,
        HelpName = "n",
    };

    public InferenceOptions()
    {
        _threads.Within(1, 256);
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_models);
        command.Options.Add(_device);
        command.Options.Add(_threads);
    }

    /// <summary>What was given.</summary>
    public InferenceSettings Of(ParseResult parsed)
    {
        var models = parsed.GetValue(_models) ?? Environment.GetEnvironmentVariable(ModelsVariable);
        if (models is { Length: > 0 } && !Directory.Exists(models))
        {
            throw new UsageException($"The folder of models '{models}' does not exist.");
        }

        return new InferenceSettings(models is { Length: > 0 } ? Path.GetFullPath(models) : null, parsed.GetValue(_device)!, parsed.GetValue(_threads));
    }
}
