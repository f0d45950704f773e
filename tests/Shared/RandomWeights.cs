using ActorCluster.Storage;

namespace ActorCluster.Tests.Shared;

/// <summary>Normally distributed tensors from a seed, in the order in which they are added.</summary>
internal sealed class RandomWeights(int seed)
{
    private readonly Random random = new(seed);
    private readonly List<TensorData> tensors = [];

    /// <summary>Adds a weight of unit gain and a bias.</summary>
    public void AddLinear(string name, params long[] shape)
    {
        AddLinearWeight(name, shape);
        Add(name + ".bias", 0.1, 0, shape[0]);
    }

    /// <summary>Adds a weight of unit gain: its variance is one over the number of inputs.</summary>
    public void AddLinearWeight(string name, params long[] shape) => AddLinearWeightNamed(name + ".weight", shape);

    /// <summary>As <see cref="AddLinearWeight"/>, under exactly this name.</summary>
    public void AddLinearWeightNamed(string name, params long[] shape) =>
        Add(name, 1 / Math.Sqrt(shape.Skip(1).Aggregate(1L, (product, size) => product * size)), 0, shape);

    /// <summary>Adds a layer norm's weight and bias.</summary>
    public void AddNorm(string name, int width)
    {
        Add(name + ".weight", 0.1, 1, width);
        Add(name + ".bias", 0.1, 0, width);
    }

    /// <summary>Adds a tensor of a given standard deviation and mean.</summary>
    public void Add(string name, double deviation, double mean, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            // Box and Muller's method; 1 - x is never 0.
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(mean + (deviation * normal));
        }

        tensors.Add(TensorData.Create<float>(name, TensorType.F32, values, shape));
    }

    /// <summary>Writes all tensors as a safetensors file.</summary>
    public void Write(Stream stream) => SafetensorsWriter.Write(stream, tensors);
}
