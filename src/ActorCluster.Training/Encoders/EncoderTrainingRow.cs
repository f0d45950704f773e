namespace ActorCluster.Training.Encoders;

/// <summary>What was measured at a validation.</summary>
/// <param name="Step">The step after which it was.</param>
/// <param name="TrainLoss">The mean loss of the steps since the last validation.</param>
/// <param name="TrainAccuracy">The share of right predictions in them, as samples are drawn.</param>
/// <param name="ValidationLoss">The loss on validation frames, without class weights and with gamma 0.</param>
/// <param name="ValidationAccuracy">The share of right predictions on them.</param>
/// <param name="ValidationMacroF1">The mean F1 of the eight classes on them.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="SamplesPerSecond">Training frames or pieces of sound per second since the last validation.</param>
/// <param name="Seconds">Seconds of this process since training began or went on.</param>
public sealed record EncoderTrainingRow(
    int Step,
    double TrainLoss,
    double TrainAccuracy,
    double ValidationLoss,
    double ValidationAccuracy,
    double ValidationMacroF1,
    double LearningRate,
    double SamplesPerSecond,
    double Seconds)
{
    internal const string CsvHeader =
        "step,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_macro_f1,learning_rate,samples_per_second,seconds";

    /// <summary>The row in one line for people.</summary>
    /// <param name="steps">The number of all steps.</param>
    public string ToText(int steps) =>
        $"step {Step}/{steps}  loss {TrainLoss:0.0000}  accuracy {TrainAccuracy:0.000}  validation: loss {ValidationLoss:0.0000}, accuracy {ValidationAccuracy:0.000}, macro F1 {ValidationMacroF1:0.000}  {SamplesPerSecond:0.0} samples/s";

    internal string ToCsv() =>
        $"{Step},{TrainLoss:R},{TrainAccuracy:R},{ValidationLoss:R},{ValidationAccuracy:R},{ValidationMacroF1:R},{LearningRate:R},{SamplesPerSecond:0.00},{Seconds:0.0}";
}
