using ActorCluster.Core.Faults;
using ActorCluster.Media.Faces;

namespace ActorCluster.Media.Tests.Faces;

public sealed class FaceDetectorTests : IDisposable
{
    private const int Size = ClipFrames.AstronautSize;

    private readonly FaceDetector _detector = new(RepositoryFiles.Detector);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-faces-");

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Detect_Portrait_FindsItsOneFace()
    {
        var box = Assert.Single(Detect(ClipFrames.Astronaut(), Size, Size, CropRegion.Covering(Size, Size)));
        Assert.InRange(box.Score, 0.9f, 1);

        // By eye the face spans columns 92 to 165 and, from the eyebrows to the chin, rows 65 to 140.
        Assert.InRange(new FaceBox(92, 65, 73, 75, 1).OverlapWith(box), 0.6f, 1);
    }

    [Fact]
    public void Detect_PaddedFrame_FindsTheFaceAtItsPlace()
    {
        var portrait = ClipFrames.Astronaut();
        var alone = Assert.Single(Detect(portrait, Size, Size, CropRegion.Covering(Size, Size)));
        var frame = new byte[400 * 300 * 3];
        ClipFrames.Paste(portrait, Size, frame, 400, 100, 30);
        var placed = Assert.Single(Detect(frame, 400, 300, CropRegion.Covering(400, 300)));
        Assert.InRange((alone with { X = alone.X + 100, Y = alone.Y + 30 }).OverlapWith(placed), 0.8f, 1);

        // A region of exactly the portrait's pixels is the portrait, bit for bit.
        var region = Assert.Single(Detect(frame, 400, 300, new CropRegion(100, 30, Size)));
        Assert.Equal((alone.Width, alone.Height, alone.Score), (region.Width, region.Height, region.Score));
        Assert.Equal(alone.X + 100, region.X, 1e-3);
    }

    [Fact]
    public void Detect_RegionOutsideOfTheFrame_FindsNothing() =>
        Assert.Empty(Detect(ClipFrames.Astronaut(), Size, Size, new CropRegion(5000, -5000, 100)));

    [Fact]
    public async Task Detect_FromManyThreads_GivesTheSameBits()
    {
        var portrait = ClipFrames.Astronaut();
        var regions = Enumerable.Range(0, 8).Select(i => new CropRegion(-10 * i, -5 * i, Size + (13 * i))).ToArray();
        var alone = regions.Select(region => Detect(portrait, Size, Size, region)).ToArray();
        var together = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => Detect(portrait, Size, Size, regions[i % 8]))));
        Assert.All(alone, Assert.NotEmpty);
        for (var i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % 8], together[i]);
        }
    }

    [Theory]
    [InlineData(256, 255)]
    [InlineData(-256, -256)]
    [InlineData(1 << 20, 1 << 20)]
    public void Detect_SizesThatDoNotAgree_AreRefused(int width, int height) =>
        Assert.Throws<ArgumentException>(() => Detect(new byte[Size * Size * 3], width, height, new CropRegion(0, 0, 100)));

    [Fact]
    public void Detect_AfterDispose_IsRefused()
    {
        var detector = new FaceDetector(RepositoryFiles.Detector);
        detector.Dispose();
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Detect(new byte[3], 1, 1, new CropRegion(0, 0, 1), 0.5f, []));
    }

    [Fact]
    public void Constructor_MissingFile_IsTheEnvironmentsFault()
    {
        var path = Path.Combine(_folder.FullName, "absent.onnx");
        var fault = Assert.Throws<EnvironmentFaultException>(() => new FaceDetector(path));
        Assert.Equal("faces", fault.Stage);
        Assert.Contains($"'{path}' does not exist", fault.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(400_000)]
    public void Constructor_TruncatedFile_IsTheEnvironmentsFault(int length)
    {
        var path = Path.Combine(_folder.FullName, "damaged.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(RepositoryFiles.Detector)[..length]);
        var fault = Assert.Throws<EnvironmentFaultException>(() => new FaceDetector(path));
        Assert.Contains(path, fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_AnotherModel_IsTheEnvironmentsFault()
    {
        var fault = Assert.Throws<EnvironmentFaultException>(() => new FaceDetector(RepositoryFiles.ExpressionNet));
        Assert.Contains("has no float tensor 'input:0' of shape [1, 128, 128, 3]", fault.Cause, StringComparison.Ordinal);
    }

    private List<FaceBox> Detect(byte[] rgb, int width, int height, CropRegion region)
    {
        List<FaceBox> boxes = [];
        _detector.Detect(rgb, width, height, region, 0.5f, boxes);
        return boxes;
    }
}
