using System.Globalization;
using System.Text.RegularExpressions;
using ScottPlot;

namespace MediaScore.Load.Report;

/// <summary>One curve of a chart. <paramref name="Y"/> may hold NaN where there was nothing to measure.</summary>
internal sealed record Line(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y);

/// <summary>Charts as inline SVG that takes the width it is given. Small, so that their text can be read on a phone, where one fills the screen.</summary>
internal static partial class Chart
{
    private const int Width = 460;
    private const int Height = 270;

    /// <summary>Colours of curves, bars and layers, in order: distinct from one to the next, grey at last.</summary>
    public static readonly IReadOnlyList<string> Colours =
    [
        "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22", "#17becf", "#aec7e8",
        "#ffbb78", "#98df8a", "#ff9896", "#c5b0d5", "#c49c94", "#f7b6d2", "#dbdb8d", "#9edae5", "#7f7f7f", "#c7c7c7",
    ];

    public static string Colour(int index) => Colours[index % Colours.Count];

    /// <param name="bottom">"seconds".</param>
    /// <param name="left">Unit of the values.</param>
    /// <param name="limit">A goal, drawn dashed where the values come near it.</param>
    public static string Lines(IReadOnlyList<Line> lines, string bottom, string left, double? limit = null)
    {
        using var plot = Empty(bottom, left);
        var top = 0.0;
        for (var i = 0; i < lines.Count; i++)
        {
            // Holes stay holes: a second without a caption is none with a quick one.
            var points = lines[i].X.Zip(lines[i].Y, (x, y) => new Coordinates(x, y)).Where(p => double.IsFinite(p.Y)).ToArray();
            if (points.Length == 0)
                continue;
            var scatter = plot.Add.Scatter(points, Color.FromHex(Colour(i)));
            (scatter.LineWidth, scatter.MarkerSize) = (1.5f, points.Length > 60 ? 0 : 4);
            top = Math.Max(top, points.Max(p => p.Y));
        }

        if (limit is { } line && top > line / 2)
        {
            plot.Add.HorizontalLine(line, 1, Color.FromHex("#d62728"), LinePattern.Dashed);
            top = Math.Max(top, line);
        }

        return Write(plot, top);
    }

    /// <summary>Layers upon one another.</summary>
    public static string Layers(IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> layers, string bottom, string left)
    {
        using var plot = Empty(bottom, left);
        var floor = new double[x.Count];
        double[] xs = [.. x];
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var ceiling = new double[x.Count];
            for (var i = 0; i < ceiling.Length; i++)
                ceiling[i] = floor[i] + layers[layer][i];
            var fill = plot.Add.FillY(xs, floor, ceiling);
            (fill.FillColor, fill.LineWidth, fill.MarkerSize) = (Color.FromHex(Colour(layer)), 0, 0);
            floor = ceiling;
        }

        return Write(plot, floor.DefaultIfEmpty().Max());
    }

    /// <summary>Bars in groups, a colour a series.</summary>
    /// <param name="groups">Their names, below.</param>
    /// <param name="series">Values by series and group.</param>
    public static string Bars(IReadOnlyList<string> groups, IReadOnlyList<IReadOnlyList<double>> series, string bottom, string left)
    {
        using var plot = Empty(bottom, left);
        var width = 0.8 / Math.Max(1, series.Count);
        for (var s = 0; s < series.Count; s++)
        {
            var colour = Color.FromHex(Colour(s));
            plot.Add.Bars(series[s].Select((value, group) => new Bar
            {
                Position = group + ((s - ((series.Count - 1) / 2.0)) * width),
                Value = value,
                Size = width * 0.92,
                FillColor = colour,
                LineWidth = 0,
            }).ToArray());
        }

        Label(plot, groups);
        return Write(plot, series.SelectMany(s => s).DefaultIfEmpty().Max());
    }

    /// <summary>Bars of which each is a stack, a colour a layer.</summary>
    /// <param name="layers">Values by layer and group.</param>
    public static string Stacks(IReadOnlyList<string> groups, IReadOnlyList<IReadOnlyList<double>> layers, string bottom, string left)
    {
        using var plot = Empty(bottom, left);
        var floor = new double[groups.Count];
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var bars = new Bar[groups.Count];
            for (var group = 0; group < groups.Count; group++)
            {
                bars[group] = new Bar { Position = group, ValueBase = floor[group], Value = floor[group] + layers[layer][group], Size = 0.7, FillColor = Color.FromHex(Colour(layer)), LineWidth = 0 };
                floor[group] += layers[layer][group];
            }

            plot.Add.Bars(bars);
        }

        Label(plot, groups);
        return Write(plot, floor.DefaultIfEmpty().Max());
    }

    /// <summary>Latency by percentile: evenly spaced in nines, times on a scale of tens.</summary>
    /// <param name="lines">X in percent, below 100; Y in milliseconds.</param>
    public static string Nines(IReadOnlyList<Line> lines, double limit)
    {
        using var plot = Empty("percent of all", "ms");
        var top = limit;
        var least = limit;
        for (var i = 0; i < lines.Count; i++)
        {
            var points = lines[i].X.Zip(lines[i].Y, (x, y) => new Coordinates(NinesOf(x), Math.Log10(Math.Max(y, 0.01)))).ToArray();
            var scatter = plot.Add.Scatter(points, Color.FromHex(Colour(i)));
            (scatter.LineWidth, scatter.MarkerSize) = (1.5f, 3);
            (least, top) = (Math.Min(least, lines[i].Y.Min()), Math.Max(top, lines[i].Y.Max()));
        }

        plot.Add.HorizontalLine(Math.Log10(limit), 1, Color.FromHex("#d62728"), LinePattern.Dashed);
        double[] shown = [0, 50, 90, 99, 99.9, 99.99];
        plot.Axes.Bottom.SetTicks([.. shown.Select(NinesOf)], [.. shown.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        var (from, to) = ((int)Math.Floor(Math.Log10(Math.Max(least, 0.1))), (int)Math.Ceiling(Math.Log10(top)));
        var tens = Enumerable.Range(from, to - from + 1).ToList();
        plot.Axes.Left.SetTicks([.. tens.Select(t => (double)t)], [.. tens.Select(t => Math.Pow(10, t).ToString("0.###", CultureInfo.InvariantCulture))]);
        plot.Axes.SetLimits(-0.1, 4.3, from, to);
        return ToSvg(plot);
    }

    private static double NinesOf(double percent) => -Math.Log10(1 - (Math.Min(percent, 99.995) / 100));

    private static Plot Empty(string bottom, string left)
    {
        ChartFont.TryUse();
        var plot = new Plot();
        plot.Axes.Bottom.Label.Text = bottom;
        plot.Axes.Left.Label.Text = left;
        plot.Axes.Bottom.Label.FontSize = plot.Axes.Left.Label.FontSize = 12;
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 11;
        // No frame there, but room for half of the outermost labels.
        plot.Axes.Right.FrameLineStyle.Width = plot.Axes.Top.FrameLineStyle.Width = 0;
        (plot.Axes.Right.MinimumSize, plot.Axes.Top.MinimumSize) = (16, 10);
        plot.HideLegend();
        return plot;
    }

    private static void Label(Plot plot, IReadOnlyList<string> groups)
    {
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, groups.Count).Select(i => (double)i)], [.. groups]);
        plot.Grid.XAxisStyle.IsVisible = false;
        plot.Axes.SetLimitsX(-0.6, groups.Count - 0.4);
    }

    /// <summary>From zero: a chart that begins at its least value makes every wobble a mountain.</summary>
    private static string Write(Plot plot, double top)
    {
        plot.Axes.SetLimitsY(0, top > 0 ? top * 1.06 : 1);
        return ToSvg(plot);
    }

    private static string ToSvg(Plot plot)
    {
        var svg = plot.GetSvgXml(Width, Height);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        // Of the page's size, not its own; and fewer digits than a pixel has.
        var head = svg.IndexOf('>', StringComparison.Ordinal);
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 {Width} {Height}\" role=\"img\">{Digits().Replace(svg[(head + 1)..], string.Empty)}";
    }

    [GeneratedRegex(@"(?<=\d\.\d\d)\d+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Digits();
}
