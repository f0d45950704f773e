using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using ActorCluster.Core;

namespace ActorCluster.Storage;

/// <summary>
/// <c>report.html</c>: one self-contained file without network access, with the run's facts, class totals, the quarantined videos with their
/// causes, and a probability timeline per video. Texts from outside reach the page as JSON and are shown as text only; the page's policy
/// admits no script but its own.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the report. Its size grows by about 4 kB per drawn video, 300 of them at most.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="summary">The run.</param>
    /// <param name="predictionsOf">
    /// The predictions of a completed video by its id, asked once per drawn video, one after the other; null when there are none to show.
    /// </param>
    public static void Write(Stream stream, RunSummary summary, Func<string, FramePredictions?> predictionsOf)
    {
        var style = Resource("charts.css") + Resource("report.css");
        var script = Resource("charts.js") + Resource("report.js");
        foreach (var (text, place) in Split(Resource("report.html")))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            switch (place)
            {
                case "title":
                    stream.Write(Encoding.UTF8.GetBytes(HtmlEncoder.Default.Encode(summary.Run)));
                    break;
                case "policy":
                    stream.Write(Encoding.UTF8.GetBytes($"default-src 'none'; style-src {Hash(style)}; script-src {Hash(script)}; base-uri 'none'; form-action 'none'"));
                    break;
                case "style":
                    stream.Write(Encoding.UTF8.GetBytes(style));
                    break;
                case "script":
                    stream.Write(Encoding.UTF8.GetBytes(script));
                    break;
                case "data":
                    ReportData.Write(stream, summary, predictionsOf);
                    break;
            }
        }
    }

    // Places look like {{name}}.
    private static IEnumerable<(string Text, string? Place)> Split(string template)
    {
        foreach (var part in template.Split("}}"))
        {
            var open = part.LastIndexOf("{{", StringComparison.Ordinal);
            yield return open < 0 ? (part, null) : (part[..open], part[(open + 2)..]);
        }
    }

    /// <summary>What a page's policy names a style or script by.</summary>
    internal static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    /// <summary>An embedded file of the reports.</summary>
    internal static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        // Browsers normalise line ends before they compare hashes.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
