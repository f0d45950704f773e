using System.Collections.Immutable;

namespace ActorCluster.Models.Checkpoints;

/// <summary>
/// What the known globals make of their arguments, as checked descriptions. Arguments: PyTorch's <c>torch/_utils.py</c> and
/// <c>torch/serialization.py</c>.
/// </summary>
internal static class PickleConstruction
{
    /// <summary>A storage from its persistent id: <c>('storage', class, key, device, number of elements)</c>.</summary>
    public static PickledStorage Storage(object? id) =>
        id is object?[] and ["storage", PickleGlobal { Storage: { } type }, string key, string, long and >= 0 and var count]
            ? new PickledStorage(type, key, count)
            : throw new CheckpointFormatException("Its pickle refers to a storage in a form that is not known. Save it again with PyTorch 1.6 to 2.x.");

    /// <summary>Calls a global, which only describes.</summary>
    public static object Call(PickleGlobal global, object?[] arguments)
    {
        if (global == PickleGlobal.OrderedDictionary && arguments is [])
        {
            return new PickleDictionary(ordered: true);
        }

        if (global == PickleGlobal.RebuildParameter && arguments is [PickledTensor parameter, bool, _])
        {
            return parameter;
        }

        // The last, of PyTorch 2, marks conjugated and negated views, which no parameter is.
        if (global == PickleGlobal.RebuildTensor
            && arguments is [PickledStorage storage, long offset, object?[] shape, object?[] strides, bool, _, .. var marks]
            && marks is [] or [null or PickleDictionary { Entries: [] }])
        {
            return new PickledTensor(storage, offset, Numbers(shape), Numbers(strides));
        }

        throw new CheckpointFormatException($"Its pickle calls {global.Name} with arguments that are not known. Save it again with PyTorch 1.6 to 2.x.");
    }

    private static ImmutableArray<long> Numbers(object?[] tuple)
    {
        var numbers = ImmutableArray.CreateBuilder<long>(tuple.Length);
        foreach (var item in tuple)
        {
            numbers.Add(item is long number and >= 0
                ? number
                : throw new CheckpointFormatException("A tensor's shape or strides are not whole numbers from 0."));
        }

        return numbers.MoveToImmutable();
    }
}
