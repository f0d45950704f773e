using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core.Windows;
using ActorCluster.Models.Fusion;
using ActorCluster.Models.Torch;
using static TorchSharp.torch;

namespace ActorCluster.Training;

/// <summary>One step's windows as tensors in ordinary memory, filled again and again. Where there are fewer windows than room, the rest has no frames.</summary>
internal sealed class WindowBatch : IDisposable
{
    private readonly Modalities _modalities;
    private readonly int _length;
    private readonly int _visualWidth;
    private readonly int _audioWidth;

    /// <summary>Makes room.</summary>
    /// <param name="windows">Windows, B.</param>
    /// <param name="config">The network, which says T and widths; a modality that it does not look at is not read and always missing.</param>
    public WindowBatch(int windows, FusionConfig config)
    {
        TorchRuntime.Load();
        (_length, _visualWidth, _audioWidth, _modalities) = (config.WindowLength, config.VisualWidth, config.AudioWidth, config.Modalities);
        Tensor Room(ScalarType type, params ReadOnlySpan<long> row) => zeros([windows, config.WindowLength, .. row], type).DetachFromDisposeScope();
        Input = new FusionBatch(
            Room(ScalarType.Float16, _visualWidth), Room(ScalarType.Float16, _audioWidth), Room(ScalarType.Bool), Room(ScalarType.Bool), Room(ScalarType.Bool));
        Labels = Room(ScalarType.Int64);
    }

    /// <summary>Features and masks.</summary>
    public FusionBatch Input { get; }

    /// <summary>The label of each frame, [B, T], int64; -1 for none and for padding.</summary>
    public Tensor Labels { get; }

    /// <summary>The number of windows that are there.</summary>
    public int Count { get; private set; }

    /// <summary>Reads windows into the tensors.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="windows">The windows with the indices of their videos, at most B.</param>
    /// <exception cref="Storage.FeatureFileException">A file has become shorter.</exception>
    /// <exception cref="Core.Faults.EnvironmentFaultException">A file cannot be read.</exception>
    public void Fill(ImmutableArray<TrainingVideo> videos, IEnumerable<(int Video, FrameWindow Window)> windows)
    {
        Input.VisualPresent.bytes.Clear();
        Input.AudioPresent.bytes.Clear();
        Input.Frames.bytes.Clear();
        var labels = MemoryMarshal.Cast<byte, long>(Labels.bytes);
        labels.Fill(-1);
        Count = 0;
        foreach (var (video, window) in windows)
        {
            var (features, at) = (videos[video].Features, Count++ * _length);
            if (_modalities != Modalities.Audio)
            {
                features.ReadVisual(window.Start, Input.Visual.bytes.Slice(at * _visualWidth * 2, window.Length * _visualWidth * 2));
                Copy(features.FacePresent, window, Input.VisualPresent.bytes[at..]);
            }

            if (_modalities != Modalities.Video)
            {
                features.ReadAudio(window.Start, Input.Audio.bytes.Slice(at * _audioWidth * 2, window.Length * _audioWidth * 2));
                Copy(features.AudioPresent, window, Input.AudioPresent.bytes[at..]);
            }

            Input.Frames.bytes.Slice(at, window.Length).Fill(1);
            for (var i = 0; i < window.Length; i++)
            {
                labels[at + i] = videos[video].Labels[window.Start + i];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in new[] { Input.Visual, Input.Audio, Input.VisualPresent, Input.AudioPresent, Input.Frames, Labels })
        {
            tensor.Dispose();
        }
    }

    private static void Copy(ImmutableArray<bool> mask, FrameWindow window, Span<byte> to) =>
        MemoryMarshal.AsBytes(mask.AsSpan(window.Start, window.Length)).CopyTo(to);
}
