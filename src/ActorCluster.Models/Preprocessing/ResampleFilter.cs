namespace ActorCluster.Models.Preprocessing;

/// <summary>A resampling filter, numbered as in Pillow and in <c>preprocessor_config.json</c>.</summary>
public enum ResampleFilter
{
    /// <summary>The triangle filter.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic filter with a = -0.5.</summary>
    Bicubic = 3,
}
