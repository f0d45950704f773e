namespace ActorCluster.Training;

/// <summary>
/// The learning rate of each step: linear warm-up from 0, then half a cosine down to 0 (Loshchilov and Hutter 2017, SGDR, equation 5, without restarts).
/// </summary>
/// <param name="peak">The highest learning rate.</param>
/// <param name="warmUpSteps">Steps until it is reached, at least 0.</param>
/// <param name="steps">All steps of the training, at least 1.</param>
internal sealed class LearningRateSchedule(double peak, long warmUpSteps, long steps)
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">Its 0-based number.</param>
    public double At(long step) => step < warmUpSteps
        ? peak * (step + 1) / warmUpSteps
        : peak * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (double)(step - warmUpSteps) / Math.Max(1, steps - warmUpSteps))));
}
