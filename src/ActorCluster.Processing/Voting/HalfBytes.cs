using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorCluster.Core;

namespace ActorCluster.Processing.Voting;

/// <summary>Half floats and frame flags as the bytes that messages and events carry (little endian, as every supported machine is).</summary>
internal static class HalfBytes
{
    public static byte[] Of(ReadOnlySpan<Half> values) => MemoryMarshal.AsBytes(values).ToArray();

    public static byte[] Of(ReadOnlySpan<FrameFlags> values) => MemoryMarshal.AsBytes(values).ToArray();

    public static ImmutableArray<Half> ToHalves(byte[] bytes) => [.. MemoryMarshal.Cast<byte, Half>(bytes)];

    public static ImmutableArray<FrameFlags> ToFlags(byte[] bytes) => [.. MemoryMarshal.Cast<byte, FrameFlags>(bytes)];
}
