namespace MediaScore.Assessment.Reports;

/// <summary>How well the interview could be heard and seen, and what went wrong.</summary>
internal static class QualitySection
{
    public static void Write(ReportPage page)
    {
        var (report, words, html) = (page.Report, page.Words, page.Html);
        html.Add($"<section class=\"card\" aria-labelledby=\"quality\">\n<h2 id=\"quality\">{words.Pick("Sound and picture", "声音与画面")}</h2>\n<div class=\"pair\">\n<div><h3>{words.Pick("Sound", "声音")}</h3>\n");
        if (report.Quality.Sound is { } sound)
            WriteSound(page, sound);
        else
            html.Add($"<p class=\"muted\">{words.Pick("Not measured", "未测量")}</p>\n");
        html.Add($"</div>\n<div><h3>{words.Pick("Picture", "画面")}</h3>\n");
        if (report.Quality.Picture is { } picture)
            WritePicture(page, picture);
        else
            html.Add($"<p class=\"muted\">{words.Pick("Not measured", "未测量")}</p>\n");
        html.Add($"</div>\n</div>\n");
        WriteTroubles(page);
        html.Add($"</section>\n");
    }

    private static void WriteSound(ReportPage page, ReportSoundQuality sound)
    {
        var words = page.Words;
        page.Html.Add($"<dl class=\"figures\">");
        Figure(page, words.Pick("Usable", "可用"), $"{ReportWords.Percent(sound.GoodShare)} {words.Pick("good", "良好")}, {ReportWords.Percent(sound.PoorShare)} {words.Pick("poor", "较差")}, {ReportWords.Percent(sound.UnusableShare)} {words.Pick("unusable", "不可用")}");
        Figure(page, words.Pick("Speech above noise", "信噪比"), $"{sound.SnrDb:0.0} dB");
        Figure(page, words.Pick("Speech level", "语音电平"), $"{sound.LevelDbfs:0.0} dBFS");
        Figure(page, words.Pick("Clipped", "削波"), $"{sound.ClippedShare * 100:0.0}\u202F%");
        Figure(page, words.Pick("Music", "音乐"), ReportWords.Percent(sound.MusicShare));
        Figure(page, words.Pick("Speech", "语音"), words.Duration(sound.SpeechMs));
        page.Html.Add($"</dl>\n");
    }

    private static void WritePicture(ReportPage page, ReportPictureQuality picture)
    {
        var words = page.Words;
        page.Html.Add($"<dl class=\"figures\">");
        Figure(page, words.Pick("Pictures looked at", "抽查画面"), $"{picture.PictureCount}{(picture.SkippedCount > 0 ? $" (+ {picture.SkippedCount} {words.Pick("left out", "略过")})" : "")}");
        if (picture.PictureCount > 0)
            Figure(page, words.Pick("Good picture", "画面良好"), ReportWords.Percent(picture.GoodShare));
        if (picture.Brightness is { } brightness)
            Figure(page, words.Pick("Brightness", "亮度"), ReportWords.Percent(brightness));
        if (picture.FaceShare is { } face)
            Figure(page, words.Pick("A face is there", "有人脸"), ReportWords.Percent(face));
        if (picture.OneFaceShare is { } one)
            Figure(page, words.Pick("Exactly one face", "只有一张人脸"), ReportWords.Percent(one));
        if (picture.LooksAtCameraShare is { } looks)
            Figure(page, words.Pick("Looks at the camera", "看镜头"), ReportWords.Percent(looks));
        page.Html.Add($"</dl>\n<p class=\"muted small\">{words.Pick("Picture figures are no part of any rating.", "画面数据不参与任何评分。")}</p>\n");
    }

    private static void WriteTroubles(ReportPage page)
    {
        var (report, words, html) = (page.Report, page.Words, page.Html);
        if (report.Warnings.Count + report.Gaps.Count + report.Faults.Count == 0)
            return;
        html.Add($"<h3>{words.Pick("Warnings", "警告")}</h3>\n<ul class=\"plain\">\n");
        foreach (var warning in report.Warnings)
            html.Add($"<li><strong>{words.Of(warning.Warning)}</strong> <span class=\"muted\">{Places(warning.Ranges)}</span></li>\n");
        foreach (var gap in report.Gaps)
            html.Add($"<li><strong>{words.Pick("Gap", "缺口")}: {gap.Track}</strong> <span class=\"muted\">{ReportWords.Times(gap.StartMs, gap.EndMs)}, {gap.Reason}</span></li>\n");
        foreach (var fault in report.Faults)
            html.Add($"<li><strong>{words.Pick("Fault", "故障")}: {fault.Component}</strong> <span class=\"muted\">{ReportWords.Times(fault.StartMs, fault.EndMs)}, {fault.Fault}</span></li>\n");
        html.Add($"</ul>\n");
    }

    private static void Figure(ReportPage page, string name, string value) => page.Html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    /// <summary>The first few places; a list of forty helps nobody.</summary>
    public static string Places(IReadOnlyList<ReportSpan> ranges) =>
        string.Join(", ", ranges.Take(6).Select(r => ReportWords.Times(r.StartMs, r.EndMs))) + (ranges.Count > 6 ? $", … ({ranges.Count})" : "");
}
