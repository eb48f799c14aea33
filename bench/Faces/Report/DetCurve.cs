using System.Globalization;
using MediaScore.Benchmarks.Faces.Matching;
using MediaScore.Load.Report;
using ScottPlot;

namespace MediaScore.Benchmarks.Faces.Report;

/// <summary>One curve, and its name in the legend.</summary>
internal sealed record DetLine(string Name, PairScores Scores);

/// <summary>A threshold that is marked on the first curve.</summary>
internal sealed record DetMark(string Name, double Threshold);

/// <summary>Detection error trade-off (Martin et al. 1997, ISO/IEC 19795-1): wrong rejects over wrong accepts from threshold to threshold, both axes in tens.</summary>
internal static class DetCurve
{
    private const int Width = 820;
    private const int Height = 560;

    // Thresholds from -0.2 to 1 in steps of 0.002: finer than a pixel.
    private const int FirstStep = -100;
    private const int LastStep = 500;
    private const double StepWidth = 0.002;

    private const int LeastTens = -5;
    private const string MarkColour = "#333333";

    private static readonly string[] Colours = ["#333333", "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"];

    /// <param name="path">Of the PNG picture; its folder must be there.</param>
    /// <returns>False where no font was found: the curve is there, and its words are missing.</returns>
    public static bool Save(string path, IReadOnlyList<DetLine> lines, IReadOnlyList<DetMark> marks)
    {
        var hasFont = ChartFont.TryUse();
        using var plot = new Plot();
        plot.Axes.Bottom.Label.Text = "false accepts, of pairs of different people";
        plot.Axes.Left.Label.Text = "false rejects, of pairs of one person";
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var scores = lines[i].Scores;
            var points = Enumerable.Range(FirstStep, LastStep - FirstStep + 1).Select(step => PointAt(scores, step * StepWidth)).ToArray();
            var curve = plot.Add.Scatter(points, Color.FromHex(Colours[i % Colours.Length]));
            (curve.LineWidth, curve.MarkerSize) = (i == 0 ? 2.5f : 1.5f, 0f);
            curve.LegendText = lines[i].Name;
        }

        for (var i = 0; i < marks.Count; i++)
        {
            Coordinates[] point = [PointAt(lines[0].Scores, marks[i].Threshold)];
            var mark = plot.Add.Scatter(point, Color.FromHex(MarkColour));
            (mark.LineWidth, mark.MarkerSize) = (0f, 8f + (4f * i));
            mark.LegendText = marks[i].Name;
        }

        var tens = Enumerable.Range(LeastTens, 1 - LeastTens).ToList();
        string[] labels = [.. tens.Select(ten => Math.Pow(10, ten + 2).ToString("0.###", CultureInfo.InvariantCulture) + " %")];
        double[] places = [.. tens.Select(ten => (double)ten)];
        plot.Axes.Bottom.SetTicks(places, labels);
        plot.Axes.Left.SetTicks(places, labels);
        plot.Axes.SetLimits(LeastTens, 0, -3.5, 0);
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(path, Width, Height);
        return hasFont;
    }

    private static Coordinates PointAt(PairScores scores, double threshold) => new(Tens(scores.FalseAccepts(threshold)), Tens(scores.FalseRejects(threshold)));

    /// <summary>None at all has no place on this axis: it is drawn as half a pair.</summary>
    private static double Tens(Rate rate) => Math.Log10(Math.Max(rate.Count, 0.5) / rate.Of);
}
