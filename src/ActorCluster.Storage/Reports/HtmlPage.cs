using System.Text;
using System.Text.Encodings.Web;

namespace ActorCluster.Storage;

/// <summary>A self-contained page without scripts in the look of <see cref="HtmlReport"/>, for light and dark.</summary>
public static class HtmlPage
{
    /// <summary>Writes a page.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="title">Its title, as text.</param>
    /// <param name="style">Styles beyond those of all reports. Elements carry classes: the page's policy admits no style attributes.</param>
    /// <param name="body">The content of its main element, as HTML.</param>
    public static void Write(Stream stream, string title, string style, string body)
    {
        var all = HtmlReport.Resource("charts.css") + HtmlReport.Resource("report.css") + style.ReplaceLineEndings("\n");
        stream.Write(Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {HtmlReport.Hash(all)}; base-uri 'none'; form-action 'none'">
            <title>{HtmlEncoder.Default.Encode(title)}</title>
            <style>{all}</style>
            </head>
            <body>
            <main>
            {body}
            </main>
            </body>
            </html>

            """.ReplaceLineEndings("\n")));
    }
}
