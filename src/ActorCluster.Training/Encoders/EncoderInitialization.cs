using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Training.Encoders;

/// <summary>
/// The first values of an encoder that is trained from nothing, as the papers' code and transformers' <c>_init_weights</c> choose them: by the parameter's
/// published name. The same seed gives the same values.
/// </summary>
/// <param name="deviation">The standard deviation of matrices and tokens: <c>initializer_range</c> of the config.</param>
/// <param name="layerScale">What layers multiply their outputs by: <c>layer_scale_init_value</c> of a BEiT's config.</param>
/// <param name="seed">The seed.</param>
internal sealed class EncoderInitialization(double deviation, double layerScale, int seed) : IDisposable
{
    private readonly Generator generator = new((ulong)seed, CPU);

    /// <summary>The values of parameters in their order; in the caller's dispose scope.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Create(IEnumerable<(string Name, long[] Shape)> shapes)
    {
        var values = shapes.Select(shape => (shape.Name, Value: Create(shape.Name, shape.Shape))).ToList();

        // A weight norm starts with the gains that leave its directions as they are (Salimans and Kingma 2016).
        var gain = values.FindIndex(value => value.Name.EndsWith(".weight_g", StringComparison.Ordinal));
        if (gain >= 0)
        {
            var direction = values.Single(value => value.Name.EndsWith(".weight_v", StringComparison.Ordinal)).Value;
            values[gain] = (values[gain].Name, direction.square().sum([0, 1], keepdim: true).sqrt());
        }

        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();

    private Tensor Create(string name, long[] shape)
    {
        var value = zeros(shape, ScalarType.Float32);
        var inputs = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        return name switch
        {
            _ when Ends("lambda_1") || Ends("lambda_2") => value.fill_(layerScale),
            _ when Ends(".bias") || Ends("relative_position_bias_table") || Ends(".weight_g") => value,
            _ when Ends("gru_rel_pos_const") || (shape.Length == 1 && Ends(".weight")) => value.fill_(1),

            // He et al. 2015, for what goes through a rectifier-like function.
            _ when name.StartsWith("feature_extractor.", StringComparison.Ordinal) => value.normal_(0, Math.Sqrt(2.0 / inputs), generator),
            _ when Ends(".weight_v") => value.normal_(0, 2 * Math.Sqrt(1.0 / (shape[2] * shape[0])), generator),
            "feature_projection.projection.weight" => value.uniform_(-Math.Sqrt(1.0 / inputs), Math.Sqrt(1.0 / inputs), generator),

            // BEiT's code cuts normal values off at two deviations; for WavLM's it makes no difference.
            _ => value.normal_(0, deviation, generator).clamp_(-2 * deviation, 2 * deviation),
        };

        bool Ends(string end) => name.EndsWith(end, StringComparison.Ordinal);
    }
}
