using System.Globalization;
using MediaScore.Load.Results;

namespace MediaScore.Load.Report;

/// <summary>Figures as people read them: no more digits than they deserve, the same everywhere.</summary>
internal static class Show
{
    public static string Ms(double milliseconds) => milliseconds < 10 ? Text($"{milliseconds:0.0}") : Text($"{milliseconds:#,0}");

    public static string Count(double count) => Text($"{count:#,0}");

    public static string Cost(double millisecondsPerInterviewSecond) => Text($"{millisecondsPerInterviewSecond:0.00}");

    public static string Percent(double percent) => Text($"{percent:0.0} %");

    public static string MiB(double mebibytes) => Text($"{mebibytes:#,0} MiB");

    public static string Words(WordErrors words) => words.Words == 0 ? "not counted" : Text($"{words.Rate * 100:0.0} % ({words.Errors:#,0}/{words.Words:#,0})");

    public static string Transport(string transport) => transport switch { "webrtc" => "WebRTC", "grpc" => "gRPC", _ => transport };

    public static string Title(DriverResult driver) => Text(
        $"{driver.Interviews} interview{(driver.Interviews == 1 ? string.Empty : "s")} over {Transport(driver.Transport)}{Beside(driver)}, {driver.Seconds:0} s{(driver.Scenario == "steady" ? string.Empty : ", " + driver.Scenario)}");

    /// <summary>" and 20 terminals", or nothing.</summary>
    public static string Beside(DriverResult driver) => driver.Terminals is { } terminals ? Text($" and {terminals.Count} terminal{(terminals.Count == 1 ? string.Empty : "s")}") : string.Empty;

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
