using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;

namespace ActorCluster.Training;

/// <summary>What the pages and tables of trainings, evaluations and ablations are written with.</summary>
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

    /// <summary>A table as HTML, of text.</summary>
    public static void HtmlTable(StringBuilder body, IEnumerable<string> header, IEnumerable<string[]> rows)
    {
        body.Append(CultureInfo.InvariantCulture, $"<div class=\"panel wide\"><table><thead><tr>{string.Concat(header.Select(h => $"<th>{Html(h)}</th>"))}</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            body.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(row.Select(cell => $"<td>{Html(cell)}</td>"))}</tr>\n");
        }

        body.Append("</tbody></table></div>\n");
    }

    /// <summary>A table in Markdown: the first column to the left, the others to the right.</summary>
    public static void MarkdownTable(StringBuilder text, IReadOnlyList<string> header, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", header)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", header.Count - 1))}\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(MarkdownCell))} |\n");
        }

        text.Append('\n');
    }

    /// <summary>Text that does not end its cell or begin markup.</summary>
    public static string MarkdownCell(string text) =>
        text.ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

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
