using MediaScore.Load.Results;

namespace MediaScore.Load.Report;

/// <summary>What face terminals saw, in one row's report.</summary>
internal static class TerminalTables
{
    public static void Write(Html page, DriverTerminals terminals, ServerUsage server)
    {
        page.Heading("What the face terminals saw");
        page.Paragraph(
            "Frames keep to their times whatever the server does; a decision counts from the intended time of the frame that brought it. Of what was due in the window, where nothing else is said.", "quiet");
        List<(string, string)> facts =
        [
            ("terminals, frames of each a second", Show.Text($"{terminals.Count}, {terminals.FramesPerSecond:0.##}")),
            ("people whose faces were shown, enrolled before", Show.Text($"{terminals.People:#,0}, {terminals.PeopleEnrolled:#,0}")),
            ("decisions; too late, so that the door stayed closed", Show.Text($"{terminals.DecisionCount:#,0}; {terminals.TimedOut:#,0}")),
            ("of them without a frame that decided (in no latency)", Show.Count(terminals.DecisionsUntimed)),
            ("right person, another person, nobody although enrolled", Show.Text($"{terminals.Recognised:#,0}, {terminals.TakenForAnother:#,0}, {terminals.NotRecognised:#,0}")),
            ("frames answered; of them busy", Show.Text($"{terminals.Frames.Values.Sum():#,0}; {terminals.BusyFrames:#,0}")),
            ("frames sent, answered (whole run)", Show.Text($"{terminals.FramesSent:#,0}, {terminals.FramesAnswered:#,0}")),
            ("streams that ended before their time (whole run)", Show.Count(terminals.Reconnects)),
            ("server's CPU in all", Show.Text($"{server.Timeline.Select(second => second.CpuPercent).DefaultIfEmpty().Average():0} % of one core")),
            .. terminals.Decisions.Select(outcome => ($"decisions: {outcome.Key}", Show.Count(outcome.Value))),
            .. terminals.Frames.Select(verdict => ($"frames: {verdict.Key}", Show.Count(verdict.Value))),
        ];
        ReportTables.Facts(page, facts);
    }
}
