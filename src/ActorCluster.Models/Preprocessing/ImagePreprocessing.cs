using System.Collections.Immutable;
using ActorCluster.Models.Checkpoints;

namespace ActorCluster.Models.Preprocessing;

/// <summary>
/// How a BEiT checkpoint wants its images, from its <c>preprocessor_config.json</c>: resize, centre crop, rescale, normalise, in this order. What the
/// file leaves out has the default of transformers' <c>BeitImageProcessor</c>, which differs from the published files. <see cref="ImagePreprocessor"/>
/// does it.
/// </summary>
public sealed record ImagePreprocessing
{
    /// <summary>The file's name in a checkpoint's folder.</summary>
    public const string FileName = "preprocessor_config.json";

    // Far beyond any published model; buffers are made to this size.
    private const int MaxSide = 4096;

    private static readonly string[] TypeKeys = ["image_processor_type", "feature_extractor_type"];
    private static readonly string[] Types = ["BeitImageProcessor", "BeitFeatureExtractor", "BeitImageProcessorFast"];

    private ImagePreprocessing()
    {
    }

    /// <summary>The height to which every image is resized, in pixels, whatever its aspect ratio.</summary>
    public required int ResizeHeight { get; init; }

    /// <summary>The width to which every image is resized, in pixels.</summary>
    public required int ResizeWidth { get; init; }

    /// <summary>The filter of the resize.</summary>
    public required ResampleFilter Resample { get; init; }

    /// <summary>The height of the result in pixels: of the centre crop, if there is one.</summary>
    public required int Height { get; init; }

    /// <summary>The width of the result in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>What each sample, 0 to 255, is multiplied with: 1 / 255 unless the file says otherwise; 1 for none.</summary>
    public required double RescaleFactor { get; init; }

    /// <summary>What is subtracted from each channel after that: red, green, blue.</summary>
    public required ImmutableArray<float> Mean { get; init; }

    /// <summary>What each channel is divided by after that; not 0.</summary>
    public required ImmutableArray<float> StandardDeviation { get; init; }

    /// <summary>Reads a checkpoint's settings.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="CheckpointFormatException">The file is absent or malformed, or asks for what is not done here; the message names it.</exception>
    public static ImagePreprocessing Open(string folder)
    {
        var config = PreprocessorConfig.Read(Path.Combine(folder, FileName));
        config.RequireType(TypeKeys, Types);

        // Reducing labels concerns segmentation maps only.
        config.RefuseStepsBut("do_resize", "do_center_crop", "do_rescale", "do_normalize", "do_reduce_labels");
        if (!config.Flag("do_resize", true))
        {
            throw config.Refuse("do_resize", "true");
        }

        var resample = config.Number("resample", (int)ResampleFilter.Bicubic, 0, 5);
        var (height, width) = config.Size("size", 256, MaxSide);
        var crop = config.Flag("do_center_crop", true) ? config.Size("crop_size", 224, MaxSide) : (height, width);
        var normalize = config.Flag("do_normalize", true);
        var deviation = config.Channels("image_std", 0.5f);
        return new ImagePreprocessing
        {
            ResizeHeight = height,
            ResizeWidth = width,
            Resample = resample is 2 or 3 ? (ResampleFilter)resample : throw config.Refuse("resample", "2 (bilinear) or 3 (bicubic)"),
            Height = crop.Item1 <= height ? crop.Item1 : throw config.Refuse("crop_size", "a size within 'size'"),
            Width = crop.Item2 <= width ? crop.Item2 : throw config.Refuse("crop_size", "a size within 'size'"),
            RescaleFactor = config.Flag("do_rescale", true) ? config.Real("rescale_factor", 1.0 / 255) : 1,
            Mean = normalize ? [.. config.Channels("image_mean", 0.5f)] : [0, 0, 0],
            StandardDeviation = !normalize ? [1, 1, 1] : deviation.All(value => value != 0) ? [.. deviation] : throw config.Refuse("image_std", "three numbers other than 0"),
        };
    }
}
