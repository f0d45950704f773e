namespace ActorCluster.Models.Checkpoints;

/// <summary>Finds the named tensors in what a checkpoint's pickle holds.</summary>
internal static class StateDictionary
{
    /// <summary>
    /// The tensors of the pickled dictionary, or, where it has none, of the one dictionary in it that has (<c>model</c>, <c>state_dict</c>), whatever is
    /// beside them.
    /// </summary>
    /// <exception cref="CheckpointFormatException">There are none, or it is not clear which are meant. The message names no file.</exception>
    public static Dictionary<string, PickledTensor> Find(object? root)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw new CheckpointFormatException("It does not hold a dictionary of tensors. Save the model's state dictionary.");
        }

        var nested = dictionary.Entries.Where(entry => entry.Value is PickleDictionary inner && HasTensors(inner)).ToList();
        var direct = HasTensors(dictionary);
        if (direct && nested.Count == 0)
        {
            return Tensors(dictionary);
        }

        if (!direct && nested.Count == 1)
        {
            return Tensors((PickleDictionary)nested[0].Value!);
        }

        var names = string.Join(", ", nested.Take(5).Select(entry => entry.Key is string name ? Quoted.Text(name) : "a key that is no name"));
        throw new CheckpointFormatException(nested.Count == 0
            ? "It holds no tensors under names. Save the model's state dictionary."
            : $"It holds tensors in several places ({(direct ? "at the top, " : string.Empty)}{names}). Save the one state dictionary that is meant.");
    }

    private static bool HasTensors(PickleDictionary dictionary) => dictionary.Entries.Any(entry => entry.Value is PickledTensor);

    private static Dictionary<string, PickledTensor> Tensors(PickleDictionary dictionary)
    {
        var tensors = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Entries)
        {
            if (value is not PickledTensor tensor)
            {
                continue;
            }

            if (key is not string name)
            {
                throw new CheckpointFormatException("It holds a tensor whose key is not a name. Save the model's state dictionary.");
            }

            if (!tensors.TryAdd(name, tensor))
            {
                throw new CheckpointFormatException($"It holds the tensor {Quoted.Text(name)} twice. Download the file again.");
            }
        }

        return tensors;
    }
}
