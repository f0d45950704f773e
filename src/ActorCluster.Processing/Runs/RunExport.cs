namespace ActorCluster.Processing.Runs;

/// <summary>A run's predictions in one file.</summary>
/// <param name="File">The file's full path.</param>
/// <param name="Videos">Videos in it.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record RunExport(string File, int Videos, long Rows);
