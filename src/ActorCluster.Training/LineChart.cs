using System.Globalization;
using System.Text;

namespace ActorCluster.Training;

/// <summary>Lines over a whole number as an inline SVG. Colours come from the page by class.</summary>
/// <param name="title">What is shown, as text without markup.</param>
/// <param name="along">What the number is, such as an epoch.</param>
/// <param name="numbers">The numbers, ascending, [n].</param>
/// <param name="series">Name, CSS class and values, [n], of each line.</param>
/// <param name="marked">The number to mark with a dashed line.</param>
/// <param name="format">How values are written.</param>
/// <param name="unit">The interval that the axis shows at least; null for that of the values alone.</param>
internal sealed class LineChart(
    string title,
    string along,
    IReadOnlyList<int> numbers,
    IReadOnlyList<(string Name, string Style, IReadOnlyList<double> Values)> series,
    int marked,
    string format,
    (double Low, double High)? unit = null)
{
    private const double Width = 480;
    private const double Height = 230;
    private const double Left = 46;
    private const double Right = 10;
    private const double Top = 14;
    private const double Bottom = 24;
    private static readonly double[] RoundSteps = [1, 2, 5, 10];

    /// <summary>The chart with heading and legend, as HTML.</summary>
    public string ToHtml()
    {
        var (first, range) = (numbers[0], numbers[^1] - numbers[0]);
        var (low, high, step) = Scale();
        double X(double number) => range == 0 ? (Left + Width - Right) / 2 : Left + ((Width - Left - Right) * (number - first) / range);
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * (value - low) / (high - low));

        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<section class=\"panel chart\"><h2>{title}</h2><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title} by {along}\">");
        for (var tick = low; tick <= high + (step / 2); tick += step)
        {
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{Label(tick)}</text>");
        }

        var every = (int)Math.Max(1, RoundStep(range / 10.0));
        for (var number = (first + every - 1) / every * every; number <= numbers[^1]; number += every)
        {
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(number):F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{number}</text>");
        }

        html.Append(CultureInfo.InvariantCulture, $"<line class=\"best\" x1=\"{X(marked):F1}\" x2=\"{X(marked):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");

        foreach (var (name, style, values) in series)
        {
            var points = string.Join(' ', values.Select((v, i) => FormattableString.Invariant($"{X(numbers[i]):F1},{Y(v):F1}")));
            html.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{style}\" points=\"{points}\"/>");
            for (var i = 0; i < numbers.Count; i++)
            {
                if (numbers.Count <= 40)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{X(numbers[i]):F1}\" cy=\"{Y(values[i]):F1}\" r=\"2.4\"/>");
                }

                html.Append(CultureInfo.InvariantCulture, $"<circle class=\"hit {style}\" cx=\"{X(numbers[i]):F1}\" cy=\"{Y(values[i]):F1}\" r=\"7\"><title>{name}, {along} {numbers[i]}: {values[i].ToString(format, CultureInfo.InvariantCulture)}</title></circle>");
            }
        }

        html.Append("</svg><ul class=\"legend\">");
        foreach (var (name, style, _) in series)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><span class=\"swatch {style}\"></span>{name}</li>");
        }

        return html.Append("</ul></section>\n").ToString();
    }

    /// <summary>Round bounds and steps, about five of them.</summary>
    private (double Low, double High, double Step) Scale()
    {
        var values = series.SelectMany(s => s.Values).ToList();
        var (least, most) = unit is { } u ? (Math.Min(u.Low, values.Min()), Math.Max(u.High, values.Max())) : (0, values.Max());
        var step = RoundStep((most > least ? most - least : 1) / 5.5);
        var low = Math.Floor((least / step) + 1e-9) * step;
        return (low, Math.Max(Math.Ceiling((most / step) - 1e-9) * step, low + step), step);
    }

    /// <summary>The least of 1, 2 or 5 times a power of ten that is not below a number, which is not negative.</summary>
    private static double RoundStep(double least)
    {
        if (least <= 0)
        {
            return 0;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * RoundSteps.First(m => power * m >= least * (1 - 1e-9));
    }

    private static string Label(double value) => Math.Abs(value) < 1e-12 ? "0" : value.ToString("G3", CultureInfo.InvariantCulture);
}
