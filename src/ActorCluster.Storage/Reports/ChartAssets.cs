namespace ActorCluster.Storage;

/// <summary>The drawing code that <see cref="HtmlReport"/> carries, for other pages that draw predictions: the same files.</summary>
public static class ChartAssets
{
    /// <summary><c>charts.js</c>: a classic script that defines <c>Charts</c>.</summary>
    public static string Script => HtmlReport.Resource("charts.js");

    /// <summary><c>charts.css</c>: the palette for light and dark, and what the charts look like.</summary>
    public static string Style => HtmlReport.Resource("charts.css");
}
