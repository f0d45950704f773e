using System.Text.Json;
using ActorCluster.Core.Faults;
using ActorCluster.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>What training needs to go on after a crash as if there had been none: one file, replaced as a whole.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="optimizer">The optimizer.</param>
internal sealed class EncoderTrainingState(EncoderParameters parameters, AdamW optimizer) : IDisposable
{
    private const string StepKey = "step";
    private const string RowsKey = "rows";

    private IEnumerable<(string Name, Tensor Value)> Tensors =>
        [("parameters", parameters.Trained), ("first_moment", optimizer.FirstMoment), ("second_moment", optimizer.SecondMoment), ("best", Best)];

    /// <summary>The last step taken; 0 at the start.</summary>
    public int Step { get; set; }

    /// <summary>The validations so far.</summary>
    public List<EncoderTrainingRow> Rows { get; private set; } = [];

    /// <summary>The trained parameters of the validation with the highest macro F1, the first of several, <c>[n]</c>.</summary>
    public Tensor Best { get; } = parameters.Trained.clone().DetachFromDisposeScope();

    /// <summary>Notes a validation, and its parameters if it is the best.</summary>
    public void Add(EncoderTrainingRow row)
    {
        if (Rows.TrueForAll(other => row.ValidationMacroF1 > other.ValidationMacroF1))
        {
            using var off = no_grad();
            Best.copy_(parameters.Trained);
        }

        Rows.Add(row);
    }

    /// <summary>Writes the state.</summary>
    /// <exception cref="EnvironmentFaultException">It cannot be written.</exception>
    public void Save(string path)
    {
        List<TensorData> tensors = [.. Tensors.Select(t => TensorData.Create<float>(t.Name, TensorType.F32, t.Value.data<float>().ToArray(), t.Value.shape))];
        var metadata = new Dictionary<string, string> { [StepKey] = Step.ToString(), [RowsKey] = JsonSerializer.Serialize(Rows) };
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a state that <see cref="Save"/> wrote for parameters of the same sizes.</summary>
    /// <exception cref="SafetensorsFormatException">It is damaged.</exception>
    public void Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        using var off = no_grad();
        foreach (var (name, value) in Tensors)
        {
            using var saved = tensor(file.Read<float>(name));
            value.copy_(saved);
        }

        Step = int.Parse(file.Metadata[StepKey]);
        Rows = JsonSerializer.Deserialize<List<EncoderTrainingRow>>(file.Metadata[RowsKey])!;
    }

    /// <inheritdoc/>
    public void Dispose() => Best.Dispose();
}
