using ActorCluster.Core.Faults;
using ActorCluster.Storage;

namespace ActorCluster.Training;

/// <summary>The layout of a training's folder.</summary>
/// <param name="Root">The folder.</param>
public sealed record TrainingFolder(string Root)
{
    /// <summary>The fusion checkpoint of the best epoch: what a pipeline's <c>fusion.checkpoint</c> names.</summary>
    public string Best => Path.Combine(Root, "best");

    /// <summary>What a stopped training goes on from: weights, moments, average, where it was.</summary>
    public string State => Path.Combine(Root, "last", "state.safetensors");

    /// <summary>The configuration that the training runs with.</summary>
    public string Config => Path.Combine(Root, "training.json");

    /// <summary>One line per epoch, comma-separated.</summary>
    public string Csv => Path.Combine(Root, "training.csv");

    /// <summary>One JSON object per epoch and line.</summary>
    public string Jsonl => Path.Combine(Root, "training.jsonl");

    /// <summary>The course of the training as a page.</summary>
    public string Report => Path.Combine(Root, "training.html");

    /// <summary>Takes the right to train here, which the kernel gives back however the process ends.</summary>
    /// <exception cref="EnvironmentFaultException">Another process trains here, or the folder cannot be written.</exception>
    internal IDisposable Lock()
    {
        var path = Path.Combine(Root, "last", "lock");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (StoreFault.IsHeld(e))
        {
            throw new EnvironmentFaultException("training", $"Another process trains in '{Root}'.", "Wait for it to end, or choose another --out.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFaultException("training", $"The folder '{Root}' cannot be written: {e.Message}", "Check its permissions and the disk, or choose another --out.", e);
        }
    }
}
