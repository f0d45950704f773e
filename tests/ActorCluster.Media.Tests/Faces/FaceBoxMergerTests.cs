using ActorCluster.Media.Faces;
using CsCheck;

namespace ActorCluster.Media.Tests.Faces;

public sealed class FaceBoxMergerTests
{
    private static readonly Gen<List<FaceBox>> Boxes = Gen.Select(
        Gen.Float[0, 100], Gen.Float[0, 100], Gen.Float[1, 60], Gen.Float[0.5f, 1],
        (x, y, side, score) => new FaceBox(x, y, side, side, score)).List[0, 30];

    [Fact]
    public void Merge_TwoOverlappingAndOneApart_GivesTheWeightedMeanAndTheOther()
    {
        List<FaceBox> boxes = [new(200, 0, 10, 10, 0.7f), new(12, 0, 100, 100, 0.6f), new(0, 0, 100, 100, 0.9f)];
        FaceBoxMerger.Merge(boxes);
        Assert.Equal(2, boxes.Count);
        Assert.Equal(12 * 0.6 / 1.5, boxes[0].X, 1e-4);
        Assert.Equal(100, boxes[0].Width, 1e-4);
        Assert.Equal(0.9f, boxes[0].Score);
        Assert.Equal(new FaceBox(200, 0, 10, 10, 0.7f).X, boxes[1].X, 1e-4);
    }

    [Fact]
    public void Merge_FromAnIndex_LeavesEarlierBoxesAlone()
    {
        List<FaceBox> boxes = [new(0, 0, 100, 100, 0.5f), new(0, 0, 100, 100, 0.9f), new(2, 0, 100, 100, 0.9f)];
        FaceBoxMerger.Merge(boxes, 1);
        Assert.Equal(2, boxes.Count);
        Assert.Equal(new FaceBox(0, 0, 100, 100, 0.5f), boxes[0]);
        Assert.Equal(1, boxes[1].X, 1e-4);
    }

    [Fact]
    public void Merge_AnyOrder_GivesTheSameBoxes() => Gen.Select(Boxes, Gen.Int[0, 1000]).Sample((boxes, seed) =>
    {
        var shuffled = boxes.ToArray();
        new Random(seed).Shuffle(shuffled);
        var other = shuffled.ToList();
        FaceBoxMerger.Merge(boxes);
        FaceBoxMerger.Merge(other);
        Assert.Equal(boxes, other);
    });

    [Fact]
    public void Merge_AnyBoxes_KeepsTheBestScoreAndTheOrder() => Boxes.Sample(boxes =>
    {
        var before = boxes.ToArray();
        FaceBoxMerger.Merge(boxes);
        Assert.Equal(before.Length == 0, boxes.Count == 0);
        Assert.True(boxes.Count <= before.Length);
        Assert.Equal(before.Select(box => box.Score).DefaultIfEmpty().Max(), boxes.Select(box => box.Score).FirstOrDefault());
        Assert.Equal(boxes.Select(box => box.Score).OrderDescending(), boxes.Select(box => box.Score));
    });
}
