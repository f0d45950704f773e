using ActorCluster.Core.Audio;
using ActorCluster.Core.Pipelines;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Models.Torch;
using ActorCluster.Models.WavLm;

namespace ActorCluster.Processing.Inference;

/// <summary>WavLM as an encoder of audio segments.</summary>
internal sealed class WavLmAudioEncoder : IBatchEncoder<SegmentRequest>
{
    private readonly WavLmEncoder _net;
    private readonly WaveformPreprocessing _preprocessing;
    private readonly int[] _layers;
    private readonly float[] _samples;
    private readonly int[] _lengths;
    private readonly float[] _tokens;

    /// <summary>Makes an encoder for the calling thread.</summary>
    /// <param name="net">The network, which it takes over.</param>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="layers">The hidden states to average.</param>
    public WavLmAudioEncoder(WavLmEncoder net, string folder, IEnumerable<int> layers)
    {
        _net = net;
        _preprocessing = WaveformPreprocessing.Open(folder);
        _layers = [.. layers];
        _samples = new float[net.Batch * net.SegmentSamples];
        _lengths = new int[net.Batch];
        _tokens = new float[net.Batch * _net.TokenCount * _net.Config.HiddenSize];
    }

    /// <inheritdoc/>
    public int Batch => _net.Batch;

    private int Row => _net.TokenCount * _net.Config.HiddenSize;

    /// <summary>The decoder's side of the encoder in a folder.</summary>
    /// <exception cref="CheckpointFormatException">The folder holds no WavLM whose tokens lie on the grid, or it has no such layers.</exception>
    public static AudioInput OpenInput(string folder, AudioEncoderSettings settings)
    {
        var config = WavLmConfig.Load(folder);
        _ = WaveformPreprocessing.Open(folder);
        if (config.MinSamples != SegmentGrid.TokenSamples || config.TokenCount(SegmentGrid.TokenSamples + SegmentGrid.HopSamples) != 2
            || config.TokenCount(SegmentGrid.TokenSamples + SegmentGrid.HopSamples - 1) != 1)
        {
            throw new CheckpointFormatException($"{folder}: its tokens are not 20 ms apart and 25 ms long. Use a WavLM with the published convolutions.");
        }

        if (settings.Layers.Any(l => l > config.Layers))
        {
            throw new CheckpointFormatException($"{folder}: audio.encoder.layers asks for hidden state {settings.Layers.Max()}; it has 0 to {config.Layers}.");
        }

        return new AudioInput(new SegmentGrid(settings), config.HiddenSize);
    }

    /// <inheritdoc/>
    public void Stage(SegmentRequest request, int row, int place)
    {
        var samples = _samples.AsSpan(place * _net.SegmentSamples, _net.SegmentSamples);
        _preprocessing.Process(request.Samples.AsSpan(0, request.Segment.SampleCount), samples);
        // The end of a track may be too short for a token; it is encoded as silence and nothing of it is kept.
        _lengths[place] = Math.Max(request.Segment.SampleCount, _net.Config.MinSamples);
    }

    /// <inheritdoc/>
    public void Run(int count) => _net.Encode(_samples.AsSpan(0, count * _net.SegmentSamples), _lengths.AsSpan(0, count), _layers, _tokens.AsSpan(0, count * Row));

    /// <inheritdoc/>
    public void Collect(SegmentRequest request, int row, int place)
    {
        var tokens = _tokens.AsSpan(place * Row, Row);
        for (var token = 0; token < request.Segment.TokenCount; token++)
        {
            HalfRows.Round(tokens.Slice((request.Segment.TokensBefore + token) * request.Width, request.Width), request.Features, token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _net.Dispose();
}
