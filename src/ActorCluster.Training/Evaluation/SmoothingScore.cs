namespace ActorCluster.Training.Evaluation;

/// <summary>How well voted predictions do with a filter, on all labelled frames.</summary>
/// <param name="Kernel">The filter's width in frames; 1 is no filter.</param>
/// <param name="MedianF1">Macro F1 with the median filter.</param>
/// <param name="MedianAccuracy">Accuracy with it.</param>
/// <param name="MeanF1">Macro F1 with the moving average in its place.</param>
/// <param name="MeanAccuracy">Accuracy with it.</param>
public sealed record SmoothingScore(int Kernel, double MedianF1, double MedianAccuracy, double MeanF1, double MeanAccuracy);
