namespace ActorCluster.Core.Pipelines;

/// <summary>How faces are found and cropped. Only <see cref="FaceSource.Detect"/> has more settings than its source.</summary>
/// <param name="Model">The detector's ONNX file; 1 to 1024 characters, see <see cref="ModelPath"/>.</param>
/// <param name="MinScore">Boxes with a lower score are dropped, 0 to 1.</param>
/// <param name="SmallestFace">The smallest face to look for, as a share of the frame's longer side; 0.01 to 1; below about 1/6 the detector works on tiles.</param>
/// <param name="CropScale">Side of the square crop as a multiple of the box's side, 0.5 to 4.</param>
/// <param name="CropShiftUp">How far the crop's centre moves up, as a share of the box's side, -1 to 1.</param>
/// <param name="Source">Where images come from.</param>
public sealed record FaceSettings(
    string Model, double MinScore, double SmallestFace, double CropScale, double CropShiftUp, FaceSource Source = FaceSource.Detect);
