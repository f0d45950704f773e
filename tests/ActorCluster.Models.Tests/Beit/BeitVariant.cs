using System.Text.Json;
using ActorCluster.Storage;
using ActorCluster.Tests.Shared;

namespace ActorCluster.Models.Tests.Beit;

/// <summary>A BEiT with random weights in the published format, and what it computes, written out in double precision one number at a time.</summary>
internal sealed record BeitVariant(
    int Side, int Patch, int Width, int Heads, int Inner, int Layers, bool Relative, bool Shared, bool Absolute, bool MeanPooling, bool LayerScale, bool MaskToken)
{
    private const double Epsilon = 1e-5;

    private int Tokens => (Side * Side) + 1;

    private int Size => Side * Patch;

    /// <summary>Writes config.json and model.safetensors.</summary>
    public void Write(string folder)
    {
        var config = new Dictionary<string, object>
        {
            ["model_type"] = "beit", ["hidden_size"] = Width, ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads,
            ["intermediate_size"] = Inner, ["image_size"] = Size, ["patch_size"] = Patch, ["layer_norm_eps"] = Epsilon,
            ["layer_scale_init_value"] = LayerScale ? 0.1 : 0, ["use_mask_token"] = MaskToken, ["use_absolute_position_embeddings"] = Absolute,
            ["use_relative_position_bias"] = Relative, ["use_shared_relative_position_bias"] = Shared, ["use_mean_pooling"] = MeanPooling,
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config));
        var rows = (((2 * Side) - 1) * ((2 * Side) - 1)) + 3;
        var weights = new RandomWeights(7);
        weights.Add("embeddings.cls_token", 1, 0, 1, 1, Width);
        weights.AddLinear("embeddings.patch_embeddings.projection", Width, 3, Patch, Patch);
        AddIf(MaskToken, "embeddings.mask_token", 1, 1, Width);
        AddIf(Absolute, "embeddings.position_embeddings", 1, Tokens, Width);
        AddIf(Shared, "encoder.relative_position_bias.relative_position_bias_table", rows, Heads);
        for (var i = 0; i < Layers; i++)
        {
            var layer = $"encoder.layer.{i}.";
            weights.AddLinear(layer + "attention.attention.query", Width, Width);
            weights.AddLinearWeight(layer + "attention.attention.key", Width, Width);
            weights.AddLinear(layer + "attention.attention.value", Width, Width);
            weights.AddLinear(layer + "attention.output.dense", Width, Width);
            weights.AddLinear(layer + "intermediate.dense", Inner, Width);
            weights.AddLinear(layer + "output.dense", Width, Inner);
            weights.AddNorm(layer + "layernorm_before", Width);
            weights.AddNorm(layer + "layernorm_after", Width);
            AddIf(Relative, layer + "attention.attention.relative_position_bias.relative_position_bias_table", rows, Heads);
            AddIf(LayerScale, layer + "lambda_1", Width);
            AddIf(LayerScale, layer + "lambda_2", Width);
        }

        weights.AddNorm(MeanPooling ? "pooler.layernorm" : "layernorm", Width);
        using var stream = File.Create(Path.Combine(folder, "model.safetensors"));
        weights.Write(stream);

        void AddIf(bool there, string name, params long[] shape)
        {
            if (there)
            {
                weights.Add(name, 0.5, 0, shape);
            }
        }
    }

    /// <summary>The pooled output of one image [3, S, S] with the weights of a file.</summary>
    public double[] Pool(SafetensorsFile weights, ReadOnlySpan<float> image)
    {
        var x = Embed(weights, image);
        for (var i = 0; i < Layers; i++)
        {
            var layer = $"encoder.layer.{i}.";
            Add(x, Attention(weights, layer, Norm(weights, layer + "layernorm_before", x)), LayerScale ? weights.Read<float>(layer + "lambda_1") : null);
            var inner = Linear(weights, layer + "intermediate.dense", Norm(weights, layer + "layernorm_after", x), true);
            inner = [.. inner.Select(row => row.Select(value => value * 0.5 * (1 + Erf(value / Math.Sqrt(2)))).ToArray())];
            Add(x, Linear(weights, layer + "output.dense", inner, true), LayerScale ? weights.Read<float>(layer + "lambda_2") : null);
        }

        var mean = Enumerable.Range(0, Width).Select(c => x.Skip(1).Average(row => row[c])).ToArray();
        return MeanPooling ? Norm(weights, "pooler.layernorm", [mean])[0] : Norm(weights, "layernorm", x)[0];
    }

    private double[][] Embed(SafetensorsFile weights, ReadOnlySpan<float> image)
    {
        var kernel = weights.Read<float>("embeddings.patch_embeddings.projection.weight");
        var bias = weights.Read<float>("embeddings.patch_embeddings.projection.bias");
        var x = new double[Tokens][];
        x[0] = [.. weights.Read<float>("embeddings.cls_token").Select(value => (double)value)];
        for (var token = 1; token < Tokens; token++)
        {
            var (top, left) = ((token - 1) / Side * Patch, (token - 1) % Side * Patch);
            x[token] = new double[Width];
            for (var o = 0; o < Width; o++)
            {
                var sum = (double)bias[o];
                for (var k = 0; k < 3 * Patch * Patch; k++)
                {
                    var (colour, row, column) = (k / (Patch * Patch), k / Patch % Patch, k % Patch);
                    sum += (double)kernel[(o * 3 * Patch * Patch) + k] * image[(((colour * Size) + top + row) * Size) + left + column];
                }

                x[token][o] = sum;
            }
        }

        if (Absolute)
        {
            var positions = weights.Read<float>("embeddings.position_embeddings");
            x = [.. x.Select((row, token) => row.Select((value, c) => value + positions[(token * Width) + c]).ToArray())];
        }

        return x;
    }

    private double[][] Attention(SafetensorsFile weights, string layer, double[][] x)
    {
        var query = Linear(weights, layer + "attention.attention.query", x, true);
        var key = Linear(weights, layer + "attention.attention.key", x, false);
        var value = Linear(weights, layer + "attention.attention.value", x, true);
        var own = Relative ? weights.Read<float>(layer + "attention.attention.relative_position_bias.relative_position_bias_table") : null;
        var shared = Shared ? weights.Read<float>("encoder.relative_position_bias.relative_position_bias_table") : null;
        var size = Width / Heads;
        var mixed = x.Select(row => new double[Width]).ToArray();
        for (var head = 0; head < Heads; head++)
        {
            for (var i = 0; i < Tokens; i++)
            {
                var scores = new double[Tokens];
                for (var j = 0; j < Tokens; j++)
                {
                    var dot = Enumerable.Range(head * size, size).Sum(c => query[i][c] * key[j][c]);
                    var row = (Row(i, j) * Heads) + head;
                    scores[j] = Math.Exp((dot / Math.Sqrt(size)) + (own?[row] ?? 0) + (shared?[row] ?? 0));
                }

                var total = scores.Sum();
                for (var c = head * size; c < (head + 1) * size; c++)
                {
                    mixed[i][c] = Enumerable.Range(0, Tokens).Sum(j => scores[j] / total * value[j][c]);
                }
            }
        }

        return Linear(weights, layer + "attention.output.dense", mixed, true);
    }

    private int Row(int query, int key)
    {
        var span = (2 * Side) - 1;
        return (query, key) switch
        {
            (0, 0) => (span * span) + 2,
            (0, _) => span * span,
            (_, 0) => (span * span) + 1,
            _ => ((((query - 1) / Side) - ((key - 1) / Side) + Side - 1) * span) + ((query - 1) % Side) - ((key - 1) % Side) + Side - 1,
        };
    }

    private static double[][] Linear(SafetensorsFile weights, string name, double[][] x, bool biased)
    {
        var weight = weights.Read<float>(name + ".weight");
        var outputs = weight.Length / x[0].Length;
        var bias = biased ? weights.Read<float>(name + ".bias") : new float[outputs];
        return [.. x.Select(row => Enumerable.Range(0, outputs).Select(o => bias[o] + row.Select((value, c) => value * weight[(o * row.Length) + c]).Sum()).ToArray())];
    }

    private static double[][] Norm(SafetensorsFile weights, string name, double[][] x)
    {
        var (weight, bias) = (weights.Read<float>(name + ".weight"), weights.Read<float>(name + ".bias"));
        return [.. x.Select(row =>
        {
            var mean = row.Average();
            var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + Epsilon);
            return row.Select((value, c) => ((value - mean) / deviation * weight[c]) + bias[c]).ToArray();
        })];
    }

    private static void Add(double[][] x, double[][] added, float[]? scale)
    {
        for (var i = 0; i < x.Length; i++)
        {
            for (var c = 0; c < x[i].Length; c++)
            {
                x[i][c] += added[i][c] * (scale?[c] ?? 1);
            }
        }
    }

    // erf by its series (|x| < 3) or its continued fraction; NIST DLMF 7.6.1 and 7.9.1.
    private static double Erf(double x)
    {
        var (a, sum, term) = (Math.Abs(x), 0.0, Math.Abs(x));
        if (a < 3)
        {
            for (var n = 0; n < 120; n++)
            {
                sum += term / ((2 * n) + 1);
                term *= -a * a / (n + 1);
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }

        var fraction = a;
        for (var n = 60; n > 0; n--)
        {
            fraction = a + (n / 2.0 / fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / Math.Sqrt(Math.PI) / fraction));
    }
}
