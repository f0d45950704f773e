using static TorchSharp.torch;

namespace ActorCluster.Models.Fusion;

/// <summary>
/// Takes a whole modality from training windows by setting its mask to all-missing, so that training goes the way that inference goes when
/// the modality is missing. Never both: a window that has nothing else is left alone.
/// </summary>
public static class ModalityDropout
{
    /// <summary>Draws for each window.</summary>
    /// <param name="visualPresent">Whether the frame has a face, [B, T], boolean. Not changed.</param>
    /// <param name="audioPresent">Whether the frame has audio, [B, T], boolean. Not changed.</param>
    /// <param name="frames">Whether the frame is one of the video's, [B, T], boolean: what padding holds is no modality to live on.</param>
    /// <param name="settings">How often, and what.</param>
    /// <param name="generator">A CPU generator; each call takes 2 B numbers from it, whatever the settings and masks.</param>
    /// <returns>New masks of the same shape and device.</returns>
    /// <exception cref="ArgumentException">The probability is not within 0 and 1.</exception>
    public static (Tensor VisualPresent, Tensor AudioPresent) Apply(
        Tensor visualPresent, Tensor audioPresent, Tensor frames, ModalityDropoutSettings settings, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Probability, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Probability, 1);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var draws = rand(2, frames.shape[0], 1, generator: generator).to(frames.device);
        var drop = draws[0].less(settings.Probability);
        var takeVisual = settings.Modality switch
        {
            DroppedModality.Visual => ones_like(drop),
            DroppedModality.Audio => zeros_like(drop),
            _ => draws[1].less(0.5),
        };
        var hasVisual = (visualPresent & frames).any(1, keepdim: true);
        var hasAudio = (audioPresent & frames).any(1, keepdim: true);
        var dropVisual = drop & takeVisual & hasAudio;
        var dropAudio = drop & ~takeVisual & hasVisual;
        return (
            (visualPresent & ~dropVisual).MoveToOuterDisposeScope(),
            (audioPresent & ~dropAudio).MoveToOuterDisposeScope());
    }
}
