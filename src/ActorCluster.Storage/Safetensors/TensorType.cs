namespace ActorCluster.Storage;

/// <summary>An element type of a safetensors file.</summary>
public enum TensorType
{
    /// <summary><c>F64</c>, <see cref="double"/>.</summary>
    F64,

    /// <summary><c>F32</c>, <see cref="float"/>.</summary>
    F32,

    /// <summary><c>F16</c>, <see cref="System.Half"/>.</summary>
    F16,

    /// <summary><c>BF16</c>: the upper half of a <see cref="float"/>, as <see cref="ushort"/> bits.</summary>
    BF16,

    /// <summary><c>I64</c>, <see cref="long"/>.</summary>
    I64,

    /// <summary><c>I32</c>, <see cref="int"/>.</summary>
    I32,

    /// <summary><c>I16</c>, <see cref="short"/>.</summary>
    I16,

    /// <summary><c>I8</c>, <see cref="sbyte"/>.</summary>
    I8,

    /// <summary><c>U8</c>, <see cref="byte"/>.</summary>
    U8,

    /// <summary><c>BOOL</c>: a <see cref="byte"/>, 0 or 1.</summary>
    Bool,
}
