using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;

namespace ActorCluster.Training;

/// <summary>What the pages of trainings and evaluations are written with.</summary>
internal static class ReportText
{
    /// <summary>Text as HTML.</summary>
    public static string Html(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>A measure with four places.</summary>
    public static string Figure(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>An embedded style sheet.</summary>
    public static string Style(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>One of the large figures at the top.</summary>
    public static void Tile(StringBuilder body, string title, string value, string small) =>
        body.Append(CultureInfo.InvariantCulture, $"<div><dt>{title}</dt><dd>{value}<small>{small}</small></dd></div>");

    /// <summary>What else is to be said, as names and texts.</summary>
    public static void Facts(StringBuilder body, IEnumerable<(string Name, string Text)> facts)
    {
        body.Append("<div class=\"panel\"><dl class=\"facts\">");
        foreach (var (name, text) in facts)
        {
            body.Append(CultureInfo.InvariantCulture, $"<dt>{Html(name)}</dt><dd>{Html(text)}</dd>");
        }

        body.Append("</dl></div>\n");
    }
}
