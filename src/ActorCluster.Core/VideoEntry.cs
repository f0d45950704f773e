namespace ActorCluster.Core;

/// <summary>One video of a manifest.</summary>
/// <param name="Id">The video's name within the run, unique, 1 to 512 characters, any but control characters; names its outputs.</param>
/// <param name="Uri">The full path of the video file.</param>
/// <param name="Faces">A folder of face crops (<c>00001.jpg</c> …) for pipelines that take aligned faces; null for none.</param>
/// <param name="Labels">A file of per-frame labels; null for none.</param>
public sealed record VideoEntry(string Id, string Uri, string? Faces = null, string? Labels = null);
