using System.Collections.Immutable;

namespace ActorCluster.Models.Torch;

/// <summary>One of the tensors that an encoder puts out.</summary>
/// <param name="Name">Its name as transformers has it, such as <c>last_hidden_state</c> or <c>hidden_states.3</c>.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="Values">Its elements, the last dimension fastest.</param>
public sealed record EncoderOutput(string Name, ImmutableArray<long> Shape, float[] Values);
