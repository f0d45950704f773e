namespace ActorCluster.Processing.Control;

/// <summary>One actor in a tree.</summary>
/// <param name="Path">Its path in the actor system.</param>
/// <param name="Depth">How deep it is; 0 for a guardian.</param>
/// <param name="Type">Its class; empty where it is not known.</param>
/// <param name="Children">How many children it has.</param>
/// <param name="Mailbox">Messages that wait in its mailbox.</param>
public sealed record ActorLine(string Path, int Depth, string Type, int Children, int Mailbox);
