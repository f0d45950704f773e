using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.WavLm;

/// <summary>
/// WavLM for segments of one length: 16 kHz samples in, a vector for every 20 ms out. Every forward pass has one shape, so that a segment's result does not
/// depend on its neighbours or its place: on a GPU the batch that <see cref="Load"/> fixes, a partial one padded with silence; on a CPU one segment after
/// the other, because a segment alone keeps its cores as busy as a batch does and needs less memory. For one thread at a time, with
/// <see cref="ForAnotherThread"/> for others.
/// </summary>
public sealed class WavLmEncoder : IDisposable
{
    private const int MaxSegmentSamples = 16_000 * 120;

    private readonly SharedModel<WavLmModel> shared;

    private WavLmEncoder(WavLmConfig config, SharedModel<WavLmModel> shared, int batch, int samples) =>
        (Config, this.shared, Batch, SegmentSamples) = (config, shared, batch, samples);

    /// <summary>The architecture.</summary>
    public WavLmConfig Config { get; }

    /// <summary>The most segments that one call takes.</summary>
    public int Batch { get; }

    /// <summary>Samples per segment, L.</summary>
    public int SegmentSamples { get; }

    /// <summary>Tokens per segment, M. Token k covers samples 320 k to 320 k + 399 (with the published convolutions).</summary>
    public int TokenCount => shared.Model.TokenCount;

    // Segments per forward pass.
    private int Rows => shared.Model.Device.type == DeviceType.CPU ? 1 : Batch;

    /// <summary>Loads a checkpoint as published.</summary>
    /// <param name="folder">A folder with <c>config.json</c> and the weights (see <see cref="Checkpoint.Open"/>).</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="precision">The arithmetic of the matrix products.</param>
    /// <param name="batch">The most segments per call, at least 1.</param>
    /// <param name="segmentSamples">
    /// Samples per segment, from <see cref="WavLmConfig.MinSamples"/> to those of two minutes: memory grows with the square.
    /// </param>
    /// <exception cref="CheckpointFormatException">The checkpoint is absent, damaged, or of another architecture; names file and tensor.</exception>
    /// <exception cref="EnvironmentFaultException">libtorch or the device is not to be had, or memory does not suffice.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1, or the segments are too short to give a token or too long.</exception>
    public static WavLmEncoder Load(string folder, TorchDevice device, EncoderPrecision precision, int batch, int segmentSamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var config = WavLmConfig.Load(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentSamples, config.MinSamples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segmentSamples, MaxSegmentSamples);
        device.Require();
        using var checkpoint = Checkpoint.Open(folder);
        try
        {
            var parameters = WavLmParameters.Find(checkpoint, config);
            var type = precision == EncoderPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
            var model = new WavLmModel(config, parameters, segmentSamples, device.ToTorch(), type);
            return new WavLmEncoder(config, new SharedModel<WavLmModel>(model), batch, segmentSamples);
        }
        catch (ExternalException e)
        {
            throw TorchRuntime.Fault("WavLM could not be loaded", e);
        }
    }

    /// <summary>
    /// Makes an encoder with the same weights for another thread; may be called by several threads at once. The weights are freed with the last encoder
    /// that has them, in whatever order the encoders are disposed.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This encoder was disposed.</exception>
    public WavLmEncoder ForAnotherThread() => new(Config, shared.Share(), Batch, SegmentSamples);

    /// <summary>Encodes up to <see cref="Batch"/> segments.</summary>
    /// <param name="samples">Segments <c>[B, L]</c>, preprocessed; what lies past a segment's length does not matter as long as it is finite.</param>
    /// <param name="lengths">
    /// <c>[B]</c>, how many samples of each segment are real: from <see cref="WavLmConfig.MinSamples"/> to L. Tokens past them are masked as keys.
    /// </param>
    /// <param name="layers">
    /// The hidden states to average, 0 being the first layer's input and <see cref="WavLmConfig.Layers"/> the encoder's output; none for the output alone.
    /// </param>
    /// <param name="tokens">Receives <c>[B, M, D]</c>; 0 in tokens past a segment's length.</param>
    /// <exception cref="ArgumentException">Sizes do not agree, a layer does not exist, or a segment is too short to give a token; names the segment.</exception>
    /// <exception cref="EnvironmentFaultException">libtorch failed, for instance for want of memory.</exception>
    public void Encode(ReadOnlySpan<float> samples, ReadOnlySpan<int> lengths, ReadOnlySpan<int> layers, Span<float> tokens)
    {
        CheckShapes(samples, lengths);
        var size = TokenCount * Config.HiddenSize;
        if (tokens.Length != lengths.Length * size)
        {
            throw new ArgumentException($"{lengths.Length} segments give {lengths.Length * size} values; there is room for {tokens.Length}.", nameof(tokens));
        }

        foreach (var layer in layers)
        {
            if (layer < 0 || layer > Config.Layers)
            {
                throw new ArgumentException($"There is no hidden state {layer}; this model has 0 to {Config.Layers}.", nameof(layers));
            }
        }

        for (var start = 0; start < lengths.Length; start += Rows)
        {
            var count = Math.Min(Rows, lengths.Length - start);
            var part = tokens.Slice(start * size, count * size);
            try
            {
                using var inference = torch.inference_mode();
                using var scope = torch.NewDisposeScope();
                CopyRows(Mean(Forward(samples, lengths, start).HiddenStates, layers), part);
            }
            catch (ExternalException e)
            {
                throw TorchRuntime.Fault("WavLM's forward pass failed", e);
            }

            for (var i = 0; i < count; i++)
            {
                var real = Config.TokenCount(lengths[start + i]) * Config.HiddenSize;
                part[((i * size) + real)..((i + 1) * size)].Clear();
            }
        }
    }

    /// <summary>Encodes up to <see cref="Batch"/> segments and returns all that transformers' model returns, masked tokens as they come.</summary>
    /// <param name="samples">As for <see cref="Encode"/>.</param>
    /// <param name="lengths">As for <see cref="Encode"/>.</param>
    /// <returns><c>last_hidden_state</c> and <c>hidden_states.0</c> and following <c>[B, M, D]</c>, <c>extract_features</c> <c>[B, M, channels]</c>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Encode"/>.</exception>
    /// <exception cref="EnvironmentFaultException">As for <see cref="Encode"/>.</exception>
    public ImmutableArray<EncoderOutput> EncodeAll(ReadOnlySpan<float> samples, ReadOnlySpan<int> lengths)
    {
        CheckShapes(samples, lengths);
        string[] names = ["last_hidden_state", "extract_features", .. Enumerable.Range(0, Config.Layers + 1).Select(i => $"hidden_states.{i}")];
        var items = lengths.Length;
        var outputs = names.Select(name => New(name, name == "extract_features" ? Config.ConvolutionChannels[^1] : Config.HiddenSize)).ToImmutableArray();
        for (var start = 0; start < items; start += Rows)
        {
            try
            {
                using var inference = torch.inference_mode();
                using var scope = torch.NewDisposeScope();
                var (features, states) = Forward(samples, lengths, start);
                Tensor[] tensors = [states[^1], features, .. states];
                for (var i = 0; i < tensors.Length; i++)
                {
                    var size = outputs[i].Values.Length / items;
                    CopyRows(tensors[i], outputs[i].Values.AsSpan(start * size, Math.Min(Rows, items - start) * size));
                }
            }
            catch (ExternalException e)
            {
                throw TorchRuntime.Fault("WavLM's forward pass failed", e);
            }
        }

        return outputs;

        EncoderOutput New(string name, int width) => new(name, [items, TokenCount, width], new float[items * TokenCount * width]);
    }

    /// <summary>Frees the weights if no other encoder has them.</summary>
    public void Dispose() => shared.Dispose();

    private static Tensor Mean(Tensor[] states, ReadOnlySpan<int> layers)
    {
        if (layers.IsEmpty)
        {
            return states[^1];
        }

        var sum = states[layers[0]].clone();
        foreach (var layer in layers[1..])
        {
            sum.add_(states[layer]);
        }

        return sum.div_(layers.Length);
    }

    /// <summary>Copies the first rows, as many as there is room for.</summary>
    private static void CopyRows(Tensor tensor, Span<float> values) =>
        MemoryMarshal.Cast<byte, float>(tensor.contiguous().cpu().bytes)[..values.Length].CopyTo(values);

    /// <summary>The forward pass of the segments from <paramref name="start"/> on that fit one, padded to its fixed shape.</summary>
    private (Tensor ExtractFeatures, Tensor[] HiddenStates) Forward(ReadOnlySpan<float> samples, ReadOnlySpan<int> lengths, int start)
    {
        var count = Math.Min(Rows, lengths.Length - start);
        var input = torch.zeros(Rows, SegmentSamples);
        MemoryMarshal.AsBytes(samples.Slice(start * SegmentSamples, count * SegmentSamples)).CopyTo(input.bytes);
        var real = new int[Rows];
        real.AsSpan().Fill(SegmentSamples);
        lengths.Slice(start, count).CopyTo(real);
        return shared.Model.Forward(input.to(shared.Model.Device), real);
    }

    private void CheckShapes(ReadOnlySpan<float> samples, ReadOnlySpan<int> lengths)
    {
        if (lengths.IsEmpty || lengths.Length > Batch)
        {
            throw new ArgumentException($"A call takes 1 to {Batch} segments, not {lengths.Length}.", nameof(lengths));
        }

        if (samples.Length != lengths.Length * SegmentSamples)
        {
            throw new ArgumentException($"{lengths.Length} segments of {SegmentSamples} samples are not {samples.Length} samples.", nameof(samples));
        }

        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < Config.MinSamples)
            {
                throw new ArgumentException($"Segment {i} has {lengths[i]} samples; fewer than {Config.MinSamples} give no token. Leave it out.", nameof(lengths));
            }

            if (lengths[i] > SegmentSamples)
            {
                throw new ArgumentException($"Segment {i} has a length of {lengths[i]} samples, more than its {SegmentSamples}.", nameof(lengths));
            }
        }
    }
}
