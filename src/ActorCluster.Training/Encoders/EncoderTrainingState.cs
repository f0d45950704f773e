using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Torch;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>What training needs to go on after a crash as if there had been none: one file, replaced as a whole.</summary>
internal sealed class EncoderTrainingState : IDisposable
{
    private const string StepKey = "step";
    private const string RowsKey = "rows";

    private readonly EncoderParameters parameters;
    private readonly AdamW optimizer;
    private readonly Dictionary<string, Tensor> best;

    /// <param name="parameters">The parameters.</param>
    /// <param name="optimizer">The optimizer.</param>
    public EncoderTrainingState(EncoderParameters parameters, AdamW optimizer)
    {
        (this.parameters, this.optimizer) = (parameters, optimizer);
        best = parameters.Trained.ToDictionary(p => p.Name, p => p.Value.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    /// <summary>The last step taken; 0 at the start.</summary>
    public int Step => (int)optimizer.Steps;

    /// <summary>The validations so far.</summary>
    public List<EncoderTrainingRow> Rows { get; private set; } = [];

    private IEnumerable<(string Name, Tensor Value)> Tensors =>
    [
        .. parameters.Trained.Select(p => ("parameter." + p.Name, (Tensor)p.Value)),
        .. optimizer.Moments.SelectMany(m => new[] { ("first_moment." + m.Name, m.First), ("second_moment." + m.Name, m.Second) }),
        .. best.Select(b => ("best." + b.Key, b.Value)),
    ];

    /// <summary>Notes a validation, and its parameters if its macro F1 is the highest so far.</summary>
    public void Add(EncoderTrainingRow row)
    {
        if (Rows.TrueForAll(other => row.ValidationMacroF1 > other.ValidationMacroF1))
        {
            using var off = no_grad();
            foreach (var (name, value) in parameters.Trained)
            {
                best[name].copy_(value);
            }
        }

        Rows.Add(row);
    }

    /// <summary>Gives the parameters the values of the best validation.</summary>
    public void TakeBest()
    {
        using var off = no_grad();
        foreach (var (name, value) in parameters.Trained)
        {
            value.copy_(best[name]);
        }
    }

    /// <summary>Writes the state.</summary>
    /// <exception cref="EnvironmentFaultException">It cannot be written.</exception>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        List<TensorData> tensors = [.. Tensors.Select(t => t.Value.ToData(t.Name))];
        var metadata = new Dictionary<string, string> { [StepKey] = Step.ToString(), [RowsKey] = JsonSerializer.Serialize(Rows) };
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a state that <see cref="Save"/> wrote for parameters of the same sizes.</summary>
    /// <exception cref="SafetensorsFormatException">It is damaged.</exception>
    public void Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var (name, value) in Tensors)
        {
            value.copy_(tensor(file.Read<float>(name), value.shape));
        }

        optimizer.Steps = int.Parse(file.Metadata[StepKey]);
        Rows = JsonSerializer.Deserialize<List<EncoderTrainingRow>>(file.Metadata[RowsKey])!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in best.Values)
        {
            value.Dispose();
        }
    }
}
