using System.Collections.Immutable;
using ActorCluster.Storage;

namespace ActorCluster.Models.Checkpoints;

/// <summary>A dictionary of a pickle in its order. Entries are not looked up and keys not compared: a hostile pickle can make neither costly.</summary>
internal sealed class PickleDictionary(bool ordered)
{
    private List<KeyValuePair<object?, object?>>? entries;

    /// <summary>Whether it is a <c>collections.OrderedDict</c>, which may have attributes.</summary>
    public bool Ordered { get; } = ordered;

    /// <summary>The entries as they were set; a key that was set twice is there twice.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => entries ?? [];

    /// <summary>Sets an entry.</summary>
    public void Add(object? key, object? value) => (entries ??= []).Add(new(key, value));
}

/// <summary>A list of a pickle; what is in it does not matter to a checkpoint, so it is not kept.</summary>
internal sealed class PickleList;

/// <summary>One of the few globals that a checkpoint may name.</summary>
/// <param name="Name">Module and name.</param>
/// <param name="Storage">For a storage class, its element type.</param>
internal sealed record PickleGlobal(string Name, TensorType? Storage = null)
{
    private const string RebuildTensorName = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameterName = "torch._utils._rebuild_parameter";
    private const string OrderedDictionaryName = "collections.OrderedDict";

    /// <summary>Makes a tensor from a storage, an offset, a shape and strides.</summary>
    public static readonly PickleGlobal RebuildTensor = new(RebuildTensorName);

    /// <summary>Makes a parameter from a tensor.</summary>
    public static readonly PickleGlobal RebuildParameter = new(RebuildParameterName);

    /// <summary>A dictionary.</summary>
    public static readonly PickleGlobal OrderedDictionary = new(OrderedDictionaryName);

    private static readonly Dictionary<string, PickleGlobal> Known = new PickleGlobal[]
    {
        RebuildTensor, RebuildParameter, OrderedDictionary,
        new("torch.DoubleStorage", TensorType.F64),
        new("torch.FloatStorage", TensorType.F32),
        new("torch.HalfStorage", TensorType.F16),
        new("torch.BFloat16Storage", TensorType.BF16),
        new("torch.LongStorage", TensorType.I64),
        new("torch.IntStorage", TensorType.I32),
        new("torch.ShortStorage", TensorType.I16),
        new("torch.CharStorage", TensorType.I8),
        new("torch.ByteStorage", TensorType.U8),
        new("torch.BoolStorage", TensorType.Bool),
    }.ToDictionary(known => known.Name, StringComparer.Ordinal);

    /// <summary>The global of this name; null for every other, none of which is ever looked up or run.</summary>
    public static PickleGlobal? Find(string name) => Known.GetValueOrDefault(name);
}

/// <summary>A storage as a pickle describes it.</summary>
/// <param name="Type">Its element type.</param>
/// <param name="Key">The name of its record in the archive's folder <c>data</c>.</param>
/// <param name="Count">Its number of elements.</param>
internal sealed record PickledStorage(TensorType Type, string Key, long Count);
