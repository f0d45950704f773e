namespace ActorCluster.Storage;

/// <summary>Names, widths and .NET types of the element types.</summary>
public static class TensorTypes
{
    private static readonly (TensorType Type, string Name, int Width, Type Element)[] All =
    [
        (TensorType.F64, "F64", 8, typeof(double)),
        (TensorType.F32, "F32", 4, typeof(float)),
        (TensorType.F16, "F16", 2, typeof(Half)),
        (TensorType.BF16, "BF16", 2, typeof(ushort)),
        (TensorType.I64, "I64", 8, typeof(long)),
        (TensorType.I32, "I32", 4, typeof(int)),
        (TensorType.I16, "I16", 2, typeof(short)),
        (TensorType.I8, "I8", 1, typeof(sbyte)),
        (TensorType.U8, "U8", 1, typeof(byte)),
        (TensorType.Bool, "BOOL", 1, typeof(byte)),
    ];

    internal static string Name(this TensorType type) => All[(int)type].Name;

    /// <summary>The bytes of one element.</summary>
    public static int Width(this TensorType type) => All[(int)type].Width;

    internal static Type Element(this TensorType type) => All[(int)type].Element;

    internal static TensorType? Parse(string? name)
    {
        foreach (var row in All)
        {
            if (row.Name == name)
            {
                return row.Type;
            }
        }

        return null;
    }
}
