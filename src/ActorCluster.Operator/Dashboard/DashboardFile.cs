using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace ActorCluster.Operator.Dashboard;

/// <summary>A page or one of its parts, as it is served.</summary>
internal sealed class DashboardFile
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private DashboardFile(string name, string text)
    {
        Content = Encoding.UTF8.GetBytes(text);
        ContentType = Types[Path.GetExtension(name)];
        Tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..32]}\"");
    }

    /// <summary>Its bytes.</summary>
    public byte[] Content { get; }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>Names this version of it.</summary>
    public EntityTagHeaderValue Tag { get; }

    /// <summary>A file made of a text.</summary>
    /// <param name="name">Its name, whose extension tells its type.</param>
    /// <param name="text">The text.</param>
    public static DashboardFile Of(string name, string text) => new(name, text);

    /// <summary>An embedded file.</summary>
    public static DashboardFile Embedded(string name) => new(name, Text(name));

    /// <summary>A page: the frame that all have, with what is the page's own in it. Script and style of a page are called as it is.</summary>
    /// <param name="name">The page.</param>
    /// <param name="title">Its title, as HTML, until its script knows better.</param>
    public static DashboardFile Page(string name, string title)
    {
        var page = Text("shell.html")
            .Replace("{{title}}", title, StringComparison.Ordinal)
            .Replace("{{name}}", name, StringComparison.Ordinal)
            .Replace("{{main}}", Text(name + ".html"), StringComparison.Ordinal);
        return new DashboardFile(".html", page);
    }

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Dashboard/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
