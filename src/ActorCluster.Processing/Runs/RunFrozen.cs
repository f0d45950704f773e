using System.Collections.Immutable;
using ActorCluster.Processing.Serialization;

namespace ActorCluster.Processing.Runs;

/// <summary>A run as it was registered.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Pipeline">Its pipeline's name.</param>
/// <param name="Videos">Videos in its manifest.</param>
/// <param name="Known">Those that were registered before.</param>
/// <param name="Added">Those that are new.</param>
/// <param name="Changed">Those whose file, or wanted output format, has changed: they are done again.</param>
/// <param name="Problems">Inputs that could not be read, at most 100.</param>
public sealed record RunFrozen(string Run, string Pipeline, int Videos, int Known, int Added, int Changed, ImmutableArray<string> Problems) : IWireMessage;
