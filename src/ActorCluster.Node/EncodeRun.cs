using System.Collections.Immutable;
using ActorCluster.Core.Faults;
using ActorCluster.Media;
using ActorCluster.Models.Beit;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;
using ActorCluster.Storage;

namespace ActorCluster.Node;

/// <summary>One run of <c>actorcluster encode</c>.</summary>
internal static class EncodeRun
{
    private const double LongestSoundSeconds = 120;
    private const long LargestInput = 1L << 30;

    public static int Run(string model, IReadOnlyList<string> inputs, string output, TorchDevice device, EncoderPrecision precision, int batch)
    {
        try
        {
            TorchRuntime.UseThreads(Environment.ProcessorCount);
            var outputs = ModelType.Of(model) switch
            {
                "beit" => Beit(model, inputs, device, precision, batch),
                "wavlm" => WavLm(model, inputs, device, precision, batch),
                var other => throw new CheckpointFormatException($"{Path.Combine(model, "config.json")}: model_type is '{other}'. This build encodes with beit and wavlm."),
            };
            AtomicFile.Write(Path.GetFullPath(output), stream => SafetensorsWriter.Write(
                stream, [.. outputs.Select(o => TensorData.Create<float>("output." + o.Name, TensorType.F32, o.Values, [.. o.Shape]))]));
            foreach (var o in outputs)
            {
                Console.Out.WriteLine($"output.{o.Name} [{string.Join(", ", o.Shape)}]");
            }

            return ExitCodes.Completed;
        }
        catch (Exception e) when (e is CheckpointFormatException or SafetensorsFormatException or InputFaultException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"actorcluster: {e.Message}");
            return ExitCodes.EnvironmentFailure;
        }
    }

    private static ImmutableArray<EncoderOutput> Beit(string model, IReadOnlyList<string> inputs, TorchDevice device, EncoderPrecision precision, int batch)
    {
        using var encoder = BeitEncoder.Load(model, device, precision, batch);
        var (size, width) = (encoder.Config.ImageSize, encoder.InputWidth);
        var pixels = IsTensors(inputs)
            ? ReadTensor(inputs[0], "input.pixel_values", shape => shape is [_, 3, var h, var w] && h == size && w == size, $"[n, 3, {size}, {size}]").Values
            : Pictures(model, inputs, width);
        return InBatches(pixels.Length / width, batch, (first, count) => encoder.EncodeAll(pixels.AsSpan(first * width, count * width), count));
    }

    private static ImmutableArray<EncoderOutput> WavLm(string model, IReadOnlyList<string> inputs, TorchDevice device, EncoderPrecision precision, int batch)
    {
        float[] samples;
        int[] lengths;
        if (IsTensors(inputs))
        {
            (samples, var shape) = ReadTensor(inputs[0], "input.input_values", s => s.Length == 2, "[n, samples]");
            lengths = ReadLengths(inputs[0], (int)shape[0], (int)shape[1]);
        }
        else if (inputs.Count == 1)
        {
            samples = AudioFile.Read(FfmpegTools.Locate(), inputs[0], LongestSoundSeconds, CancellationToken.None);
            lengths = [samples.Length];
            WaveformPreprocessing.Open(model).Process([.. samples], samples);
        }
        else
        {
            throw new ArgumentException("--input takes one sound file, or one .safetensors file; sounds of several lengths are no batch.");
        }

        var width = samples.Length / Math.Max(1, lengths.Length);
        var needed = WavLmConfig.Load(model).MinSamples;
        if (width < needed)
        {
            throw new ArgumentException($"The input has {width} samples; fewer than {needed} give no token.");
        }

        using var encoder = WavLmEncoder.Load(model, device, precision, batch, width);
        return InBatches(lengths.Length, batch, (first, count) => encoder.EncodeAll(samples.AsSpan(first * width, count * width), lengths.AsSpan(first, count)));
    }

    private static bool IsTensors(IReadOnlyList<string> inputs) => inputs is [var only] && only.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    private static (float[] Values, ImmutableArray<long> Shape) ReadTensor(string path, string name, Func<ImmutableArray<long>, bool> fits, string expected)
    {
        using var file = SafetensorsFile.Open(path);
        var tensor = file.Find(name);
        if (tensor.Type != TensorType.F32 || !fits(tensor.Shape) || tensor.Shape.Contains(0))
        {
            throw new SafetensorsFormatException($"{path}: '{name}' is {tensor.Type} [{string.Join(", ", tensor.Shape)}]; it must be F32 {expected}.");
        }

        if (tensor.Shape.Aggregate(1L, (product, n) => product * n) is var count && count * sizeof(float) > LargestInput)
        {
            throw new SafetensorsFormatException($"{path}: '{name}' has {count} values. Give at most {LargestInput / sizeof(float)} at a time.");
        }

        return (file.Read<float>(name), tensor.Shape);
    }

    /// <summary>How many samples of each row are real: those that the mask says, which must be the first ones.</summary>
    private static int[] ReadLengths(string path, int rows, int width)
    {
        const string Name = "input.attention_mask";
        using var file = SafetensorsFile.Open(path);
        if (!file.Contains(Name))
        {
            return [.. Enumerable.Repeat(width, rows)];
        }

        var mask = file.Find(Name);
        if (mask.Type != TensorType.I64 || mask.Shape is not [var n, var m] || n != rows || m != width)
        {
            throw new SafetensorsFormatException($"{path}: '{Name}' is {mask.Type} [{string.Join(", ", mask.Shape)}]; it must be I64 [{rows}, {width}].");
        }

        var values = file.Read<long>(Name);
        return [.. Enumerable.Range(0, rows).Select(row =>
        {
            var ones = values.AsSpan(row * width, width);
            var length = ones.IndexOfAnyExcept(1L) is var at && at < 0 ? width : at;
            return ones[length..].IndexOfAnyExcept(0L) < 0
                ? length
                : throw new SafetensorsFormatException($"{path}: row {row} of '{Name}' is not ones followed by zeros.");
        })];
    }

    private static float[] Pictures(string model, IReadOnlyList<string> paths, int width)
    {
        var preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(model));
        var pixels = new float[paths.Count * width];
        for (var i = 0; i < paths.Count; i++)
        {
            var picture = ImageFile.ReadRgb(paths[i]);
            preprocessor.Process(picture.Pixels, picture.Width, picture.Height, pixels.AsSpan(i * width, width));
        }

        return pixels;
    }

    /// <summary>Encodes row by row of batches and puts the outputs of all of them together.</summary>
    private static ImmutableArray<EncoderOutput> InBatches(int rows, int batch, Func<int, int, ImmutableArray<EncoderOutput>> encode)
    {
        var parts = new List<ImmutableArray<EncoderOutput>>();
        for (var first = 0; first < rows; first += batch)
        {
            parts.Add(encode(first, Math.Min(batch, rows - first)));
        }

        return [.. parts[0].Select((output, i) => new EncoderOutput(output.Name, output.Shape.SetItem(0, rows), [.. parts.SelectMany(part => part[i].Values)]))];
    }
}
