namespace ActorCluster.Training.Encoders;

/// <summary>Which pieces of a track an audio encoder is trained on, and how they are varied.</summary>
/// <param name="PieceSeconds">The length of a piece, 0.5 to 30; at least the pipeline's pooling window.</param>
/// <param name="TargetsPerPiece">Labelled frames of a piece whose loss is taken, 1 to 100; the rest of them teaches little more and costs as little less.</param>
/// <param name="GainDb">A piece is made louder or softer by up to so many decibels, after normalisation, 0 to 40.</param>
/// <param name="NoiseDb">White noise is added, this far below the piece's level or up to 30 dB further, in decibels, 0 to 100.</param>
public sealed record AudioTrainingSettings(double PieceSeconds = 3, int TargetsPerPiece = 8, double GainDb = 6, double NoiseDb = 20);
