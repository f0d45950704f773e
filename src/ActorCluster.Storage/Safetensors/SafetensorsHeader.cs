using System.Collections.Immutable;
using System.Text.Json;

namespace ActorCluster.Storage;

/// <summary>
/// Parses and checks the JSON header. Format: https://github.com/huggingface/safetensors#format. Beyond it, unknown fields of a tensor are
/// refused, because they may change what the bytes mean.
/// </summary>
internal static class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";

    /// <summary>Parses a header.</summary>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataStart">Where the tensors' bytes start in the file.</param>
    /// <param name="dataLength">How many bytes of the file follow the header.</param>
    /// <exception cref="SafetensorsFormatException">The header is malformed or does not fit the file.</exception>
    public static (ImmutableArray<TensorInfo> Tensors, ImmutableSortedDictionary<string, string> Metadata) Parse(
        ReadOnlySpan<byte> json, long dataStart, long dataLength)
    {
        if (json.Length == 0 || json[0] != '{')
        {
            throw new SafetensorsFormatException("The header does not start with '{'.");
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            return Parse(ref reader, dataStart, dataLength);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader reports text that is not valid UTF-8 as InvalidOperationException.
            throw new SafetensorsFormatException($"The header is not valid JSON: {e.Message}", e);
        }
    }

    private static (ImmutableArray<TensorInfo>, ImmutableSortedDictionary<string, string>) Parse(
        ref Utf8JsonReader reader, long dataStart, long dataLength)
    {
        var tensors = ImmutableArray.CreateBuilder<TensorInfo>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var metadata = ImmutableSortedDictionary<string, string>.Empty;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw new SafetensorsFormatException($"The header names {Quote(name)} twice.");
            }

            if (name == MetadataKey)
            {
                metadata = ReadMetadata(ref reader);
            }
            else
            {
                tensors.Add(ReadTensor(ref reader, name, dataStart, dataLength));
            }
        }

        if (reader.Read())
        {
            throw new SafetensorsFormatException("The header goes on after its closing brace.");
        }

        CheckContiguous(tensors, dataStart, dataLength);
        return (tensors.DrainToImmutable(), metadata);
    }

    private static ImmutableSortedDictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey, "an object");
        var entries = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, MetadataKey, "only strings");
            if (!entries.TryAdd(key, reader.GetString()!))
            {
                throw new SafetensorsFormatException($"{MetadataKey} names {Quote(key)} twice.");
            }
        }

        return entries.ToImmutable();
    }

    private static TensorInfo ReadTensor(ref Utf8JsonReader reader, string name, long dataStart, long dataLength)
    {
        TensorType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            switch (field)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, name, "a dtype that is a string");
                    var text = reader.GetString();
                    type = TensorTypes.Parse(text)
                        ?? throw new SafetensorsFormatException($"Tensor {Quote(name)} has the unsupported type {Quote(text!)}.");
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name);
                    break;
                default:
                    throw new SafetensorsFormatException($"Tensor {Quote(name)} has an unknown or repeated field {Quote(field!)}.");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
        {
            throw new SafetensorsFormatException($"Tensor {Quote(name)} lacks a dtype, a shape or a pair of data_offsets.");
        }

        if (begin > end || end > dataLength)
        {
            throw new SafetensorsFormatException($"Tensor {Quote(name)} claims bytes {begin} to {end} of {dataLength}.");
        }

        var expected = ByteCount(name, type.Value, shape);
        return expected == end - begin
            ? new TensorInfo(name, type.Value, [.. shape], dataStart + begin, expected)
            : throw new SafetensorsFormatException(
                $"Tensor {Quote(name)} of type {type.Value.Name()} and shape [{string.Join(", ", shape)}] needs {expected} bytes but claims {end - begin}.");
    }

    private static long ByteCount(string name, TensorType type, long[] shape)
    {
        try
        {
            var bytes = (long)type.Width();
            foreach (var size in shape)
            {
                bytes = checked(bytes * size);
            }

            return bytes;
        }
        catch (OverflowException e)
        {
            throw new SafetensorsFormatException($"Tensor {Quote(name)} has a shape whose size overflows.", e);
        }
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartArray, name, "arrays for shape and data_offsets");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw new SafetensorsFormatException($"Tensor {Quote(name)} has a size or offset that is not a whole number from 0 to 2^63-1.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    // The tensors must tile the data exactly: bytes that no tensor or two tensors own could smuggle content past a reader.
    private static void CheckContiguous(IEnumerable<TensorInfo> tensors, long dataStart, long dataLength)
    {
        var at = dataStart;
        foreach (var tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteCount))
        {
            if (tensor.Offset != at)
            {
                var what = tensor.Offset > at ? "leaves a hole before it" : "overlaps its predecessor";
                throw new SafetensorsFormatException($"Tensor {Quote(tensor.Name)} at data offset {tensor.Offset - dataStart} {what}; expected {at - dataStart}.");
            }

            at += tensor.ByteCount;
        }

        if (at - dataStart != dataLength)
        {
            throw new SafetensorsFormatException($"The tensors hold {at - dataStart} bytes but {dataLength} bytes follow the header.");
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string name, string what)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new SafetensorsFormatException($"{Quote(name)} must have {what}.");
        }
    }

    // Names come from outside: shortened, so that a message stays a message.
    private static string Quote(string name) => $"'{(name.Length <= 80 ? name : name[..77] + "...")}'";
}
