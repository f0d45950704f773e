namespace ActorCluster.Core.Submissions;

/// <summary>A frame that a template asks for.</summary>
/// <param name="Location">The frame as the template names it, such as <c>video/00001.jpg</c>.</param>
/// <param name="Video">The part before the last slash: the video's id.</param>
/// <param name="Frame">The frame's number, from 1.</param>
public readonly record struct SubmissionRow(string Location, string Video, int Frame);
