using ActorCluster.Media.Tests.Faces;
using ActorCluster.Models.Checkpoints;
using ActorCluster.Models.Preprocessing;
using ActorCluster.Storage;

namespace ActorCluster.Models.Tests.Preprocessing;

public sealed class ImagePreprocessorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-models-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("preprocess-beit-published", 0)]
    [InlineData("preprocess-beit-published", 2)]
    [InlineData("preprocess-beit-classdefault", 0)]
    public void Process_GoldenImage_EqualsTransformersExactly(string golden, int image)
    {
        using var inputs = SafetensorsFile.Open(RepositoryFiles.Golden("preprocess-beit-published", "io.safetensors"));
        using var outputs = SafetensorsFile.Open(RepositoryFiles.Golden(golden, "io.safetensors"));
        Assert.Equal(outputs.Read<float>($"image{image}.pixel_values"), Process(golden, inputs, image));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Process_BicubicWithCrop_EqualsPillowSampleBySample(int image)
    {
        using var inputs = SafetensorsFile.Open(RepositoryFiles.Golden("preprocess-beit-published", "io.safetensors"));
        using var outputs = SafetensorsFile.Open(RepositoryFiles.Golden("preprocess-beit-classdefault", "io.safetensors"));
        var pixels = Process("preprocess-beit-classdefault", inputs, image);
        var expected = outputs.Read<byte>($"image{image}.resized_cropped_uint8_hwc");
        var plane = pixels.Length / 3;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(((float)(expected[i] * (1.0 / 255)) - 0.5f) / 0.5f, pixels[(i % 3 * plane) + (i / 3)]);
        }
    }

    [Fact]
    public void Process_OnePixel_FillsTheImage()
    {
        Write("""{"size": 4, "do_center_crop": false, "image_mean": [0, 0.25, 1], "image_std": [1, 0.5, 2]}""");
        var preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(_folder.FullName));
        var pixels = new float[3 * 4 * 4];
        preprocessor.Process([255, 0, 51], 1, 1, pixels);
        Assert.All(pixels[..16], value => Assert.Equal(1, value));
        Assert.All(pixels[16..32], value => Assert.Equal(-0.5f, value));
        Assert.All(pixels[32..], value => Assert.Equal(((float)(51 * (1.0 / 255)) - 1) / 2, value));
    }

    [Fact]
    public void Process_ManyImages_AllocatesNothing()
    {
        Write("""{"size": 224, "do_center_crop": false}""");
        var preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(_folder.FullName));
        var (large, small, pixels) = (new byte[300 * 200 * 3], new byte[112 * 112 * 3], new float[3 * 224 * 224]);
        preprocessor.Process(large, 200, 300, pixels);
        var before = GC.GetAllocatedBytesForCurrentThread();
        preprocessor.Process(small, 112, 112, pixels);
        preprocessor.Process(large, 200, 300, pixels);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Process_NoRoom_IsRefused()
    {
        Write("{}");
        var preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(_folder.FullName));
        Assert.Throws<ArgumentException>(() => preprocessor.Process(new byte[3], 1, 1, new float[3 * 256 * 256]));
    }

    [Fact]
    public void Open_EmptyObject_HasTheClassDefaults()
    {
        Write("{}");
        var defaults = ImagePreprocessing.Open(_folder.FullName);
        Assert.Equal((256, 256, 224, 224), (defaults.ResizeHeight, defaults.ResizeWidth, defaults.Height, defaults.Width));
        Assert.Equal((ResampleFilter.Bicubic, 1.0 / 255), (defaults.Resample, defaults.RescaleFactor));
        Assert.Equal([0.5f, 0.5f, 0.5f], defaults.Mean.AsEnumerable());
        Assert.Equal([0.5f, 0.5f, 0.5f], defaults.StandardDeviation.AsEnumerable());
    }

    [Fact]
    public void Open_StepsOff_LeavesThemOut()
    {
        Write("""{"size": {"height": 8, "width": 6}, "do_center_crop": false, "do_rescale": false, "do_normalize": false, "do_reduce_labels": true}""");
        var preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(_folder.FullName));
        var pixels = new float[3 * 8 * 6];
        preprocessor.Process([7, 8, 9], 1, 1, pixels);
        Assert.Equal((8, 6), (preprocessor.Settings.Height, preprocessor.Settings.Width));
        Assert.Equal([7f, 8f, 9f], [pixels[0], pixels[48], pixels[96]]);
    }

    [Theory]
    [InlineData("""{"resample": 1}""", "resample is '1'")]
    [InlineData("""{"resample": "bilinear"}""", "resample is")]
    [InlineData("""{"size": {"shortest_edge": 224}}""", "size is")]
    [InlineData("""{"size": {"height": 224, "width": 224, "depth": 1}}""", "size is")]
    [InlineData("""{"size": 0}""", "size is '0'")]
    [InlineData("""{"size": 1e9}""", "size is")]
    [InlineData("""{"size": 200, "crop_size": {"height": 200, "width": 224}}""", "crop_size is")]
    [InlineData("""{"size": 300, "crop_size": 301}""", "crop_size is '301'")]
    [InlineData("""{"do_resize": false}""", "do_resize is 'false'")]
    [InlineData("""{"do_normalize": 1}""", "do_normalize is '1'")]
    [InlineData("""{"do_pad": true}""", "the step 'do_pad'")]
    [InlineData("""{"image_mean": [0.5]}""", "image_mean is")]
    [InlineData("""{"image_mean": 0.5}""", "image_mean is")]
    [InlineData("""{"image_std": [0.5, 0, 0.5]}""", "image_std is")]
    [InlineData("""{"image_std": [0.5, "x", 0.5]}""", "image_std is")]
    [InlineData("""{"rescale_factor": 1e999}""", "rescale_factor is")]
    [InlineData("""{"image_processor_type": "ViTImageProcessor"}""", "image_processor_type is")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not valid JSON")]
    public void Open_ValueNotKnown_IsRefusedByName(string json, string message)
    {
        Write(json);
        var refusal = Assert.Throws<CheckpointFormatException>(() => ImagePreprocessing.Open(_folder.FullName)).Message;
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.Contains("preprocessor_config.json", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFile_SaysSo() =>
        Assert.Contains("does not exist", Assert.Throws<CheckpointFormatException>(() => ImagePreprocessing.Open(_folder.FullName)).Message, StringComparison.Ordinal);

    private static float[] Process(string golden, SafetensorsFile inputs, int image)
    {
        var preprocessor = new ImagePreprocessor(ImagePreprocessing.Open(Path.GetDirectoryName(RepositoryFiles.Golden(golden, "preprocessor_config.json"))!));
        var name = $"image{image}.uint8_hwc";
        var pixels = new float[3 * 224 * 224];
        preprocessor.Process(inputs.Read<byte>(name), (int)inputs.Find(name).Shape[1], (int)inputs.Find(name).Shape[0], pixels);
        return pixels;
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder.FullName, "preprocessor_config.json"), json);
}
