using ActorCluster.Models.WavLm;
using ActorCluster.Storage;

namespace ActorCluster.Models.Tests.WavLm;

public class RelativePositionsTests
{
    [Theory]
    [InlineData(320, 800)]
    [InlineData(32, 800)]
    [InlineData(32, 128)]
    [InlineData(32, 48)]
    public void Bucket_EveryGoldenPosition_EqualsReference(int buckets, int maxDistance)
    {
        using var file = SafetensorsFile.Open(Path.Combine(WavLmGoldens.Folder("wavlm-buckets"), "buckets.safetensors"));

        var actual = file.Read<long>("relative_positions").Select(position => (long)RelativePositions.Bucket((int)position, buckets, maxDistance));

        Assert.Equal(file.Read<long>($"buckets_{buckets}_{maxDistance}"), actual);
    }
}
