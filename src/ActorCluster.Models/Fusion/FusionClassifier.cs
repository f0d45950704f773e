using System.Runtime.InteropServices;
using ActorCluster.Core;
using ActorCluster.Core.Faults;
using ActorCluster.Models.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// The fusion network for inference. Every forward pass has the one shape [batch, T] and the one thread count that the constructor fixes,
/// in float32, so that a window's result does not depend on its neighbours or its place; a partial batch is padded with empty windows.
/// Another shape or thread count may change the last bits of a probability (5e-7 was measured), so both belong to what identifies a result.
/// One instance for one thread at a time.
/// </summary>
public sealed class FusionClassifier : IDisposable
{
    private readonly FusionNetwork _network;
    private readonly Device _device;
    private readonly int _threads;
    private readonly Tensor _visual;
    private readonly Tensor _audio;
    private readonly Tensor _visualPresent;
    private readonly Tensor _audioPresent;
    private readonly Tensor _frames;
    private readonly float[] _results;

    /// <summary>Takes a network over.</summary>
    /// <param name="network">The network, which the classifier owns once it is made.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="batch">Windows in every forward pass, at least 1.</param>
    /// <param name="threads">CPU threads of every forward pass, the calling one included; at least 1.</param>
    /// <exception cref="EnvironmentFaultException">The device is not there.</exception>
    public FusionClassifier(FusionNetwork network, TorchDevice device, int batch, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        device.Require();
        (Batch, _device, _threads, _network) = (batch, device.ToTorch(), threads, network);
        _network.eval();
        _network.to(_device);
        var config = network.Config;
        _visual = Buffer(ScalarType.Float16, config.VisualWidth);
        _audio = Buffer(ScalarType.Float16, config.AudioWidth);
        _visualPresent = Buffer(ScalarType.Bool);
        _audioPresent = Buffer(ScalarType.Bool);
        _frames = Buffer(ScalarType.Bool);
        _results = new float[batch * config.WindowLength * Expressions.Count];

        Tensor Buffer(ScalarType type, params ReadOnlySpan<long> row) => zeros([batch, config.WindowLength, .. row], type).DetachFromDisposeScope();
    }

    /// <summary>Windows in every forward pass.</summary>
    public int Batch { get; }

    /// <summary>The network's shape, and what it was trained for.</summary>
    public FusionConfig Config => _network.Config;

    /// <summary>
    /// Classifies the frames of up to <see cref="Batch"/> windows in one forward pass. Sets the calling thread's thread count
    /// (<see cref="TorchRuntime.UseThreads"/>).
    /// </summary>
    /// <param name="windows">The windows, 1 to <see cref="Batch"/>.</param>
    /// <param name="probabilities">
    /// Receives the probabilities of the classes, [windows, T, 8]: for each frame 0 to 1 with the sum 1; for a frame with neither face nor
    /// voice the prior; for padding 0.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit, or a feature row whose mask is true is not finite.</exception>
    /// <exception cref="EnvironmentFaultException">libtorch failed, for instance for want of memory.</exception>
    public void Classify(ReadOnlySpan<FusionWindow> windows, Span<float> probabilities)
    {
        var row = Config.WindowLength * Expressions.Count;
        if (windows.Length < 1 || windows.Length > Batch || probabilities.Length != windows.Length * row)
        {
            throw new ArgumentException($"{windows.Length} windows with {probabilities.Length} probabilities do not fit a batch of {Batch} with {row} each.", nameof(windows));
        }

        TorchRuntime.UseThreads(_threads);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Stage(windows);
        var results = Forward().bytes;
        for (var i = 0; i < windows.Length; i++)
        {
            var window = probabilities.Slice(i * row, row);
            MemoryMarshal.Cast<byte, float>(results).Slice(i * row, row).CopyTo(window);
            window[(windows[i].Frames * Expressions.Count)..].Clear();
            if (window.ContainsAnyExceptInRange(0f, 1f))
            {
                throw new ArgumentException($"Window {i} has a feature that is not finite in a frame whose mask says that it is there.", nameof(windows));
            }
        }
    }

    /// <summary>
    /// Classifies any number of windows in batches and lets each vote for those of its frames that have a face or a voice, as far as the network looks at
    /// them.
    /// </summary>
    /// <param name="windows">The windows, w of them.</param>
    /// <param name="probabilities">Receives the probabilities of frames that are voted for, rounded to half floats, [w, T, 8].</param>
    /// <param name="flags">Flags [w, T]; receives <see cref="FrameFlags.Voted"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Classify"/>.</exception>
    /// <exception cref="EnvironmentFaultException">As for <see cref="Classify"/>.</exception>
    public void Vote(ReadOnlySpan<FusionWindow> windows, Span<Half> probabilities, Span<FrameFlags> flags)
    {
        var length = Config.WindowLength;
        for (var first = 0; first < windows.Length; first += Batch)
        {
            var batch = windows.Slice(first, Math.Min(Batch, windows.Length - first));
            Classify(batch, _results.AsSpan(0, batch.Length * length * Expressions.Count));
            for (var w = 0; w < batch.Length; w++)
            {
                var visual = batch[w].VisualPresent.Span;
                var audio = batch[w].AudioPresent.Span;
                for (var frame = 0; frame < batch[w].Frames; frame++)
                {
                    if ((visual[frame] && Config.Modalities != Modalities.Audio) || (audio[frame] && Config.Modalities != Modalities.Video))
                    {
                        var (from, to) = (((w * length) + frame) * Expressions.Count, ((first + w) * length) + frame);
                        for (var k = 0; k < Expressions.Count; k++)
                        {
                            probabilities[(to * Expressions.Count) + k] = (Half)_results[from + k];
                        }

                        flags[to] |= FrameFlags.Voted;
                    }
                }
            }
        }
    }

    /// <summary>Releases the network and the buffers.</summary>
    public void Dispose()
    {
        _network.Dispose();
        foreach (var buffer in new[] { _visual, _audio, _visualPresent, _audioPresent, _frames })
        {
            buffer.Dispose();
        }
    }

    private Tensor Forward()
    {
        try
        {
            var batch = new FusionBatch(_visual.to(_device), _audio.to(_device), _visualPresent.to(_device), _audioPresent.to(_device), _frames.to(_device));
            return _network.call(batch).Logits.softmax(-1).cpu();
        }
        catch (ExternalException e)
        {
            throw new EnvironmentFaultException(
                FusionCheckpoint.Stage, $"The fusion network failed: {e.Message.Split('\n')[0]}", "Check the device's free memory and try again.", e);
        }
    }

    private void Stage(ReadOnlySpan<FusionWindow> windows)
    {
        foreach (var mask in new[] { _visualPresent, _audioPresent, _frames })
        {
            mask.bytes.Clear();
        }

        for (var i = 0; i < windows.Length; i++)
        {
            var window = windows[i];
            ArgumentOutOfRangeException.ThrowIfLessThan(window.Frames, 1, nameof(windows));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(window.Frames, Config.WindowLength, nameof(windows));
            Copy(window.Visual.Span, _visual, i, window.Frames * Config.VisualWidth);
            Copy(window.Audio.Span, _audio, i, window.Frames * Config.AudioWidth);
            Copy(window.VisualPresent.Span, _visualPresent, i, window.Frames);
            Copy(window.AudioPresent.Span, _audioPresent, i, window.Frames);
            _frames.bytes.Slice(i * Config.WindowLength, window.Frames).Fill(1);
        }
    }

    private void Copy<T>(ReadOnlySpan<T> rows, Tensor buffer, int window, int length)
        where T : unmanaged
    {
        if (rows.Length != length)
        {
            throw new ArgumentException($"Window {window} has {rows.Length} values of {typeof(T).Name}; its frames need {length}.", nameof(rows));
        }

        var all = buffer.bytes;
        MemoryMarshal.AsBytes(rows).CopyTo(all[(window * (all.Length / Batch))..]);
    }
}
