namespace MediaScore.Assessment.Reports;

/// <summary>What the report rests on: consent and policy, what was left out and why, models, notes.</summary>
internal static class BasisSection
{
    public static void Write(ReportPage page)
    {
        var (report, words, html) = (page.Report, page.Words, page.Html);
        html.Add($"<section class=\"card\" aria-labelledby=\"basis\">\n<h2 id=\"basis\">{words.Pick("What this report rests on", "本报告的依据")}</h2>\n<div class=\"pair\">\n");
        html.Add($"<div><h3>{words.Pick("Consent and policy", "同意与合规")}</h3>\n<dl class=\"figures\">");
        html.Add($"<div><dt>{words.Pick("Policy profile", "合规方案")}</dt><dd>{report.Policy.Profile}</dd></div>");
        html.Add($"<div><dt>{words.Pick("Extracted", "已分析")}</dt><dd>{string.Join(words.Pick(", ", "、"), report.Policy.Permitted.Select(words.Of))}</dd></div></dl>\n");
        if (report.Policy.Withheld.Count > 0)
        {
            html.Add($"<p class=\"label\">{words.Pick("Not extracted", "未分析")}</p><ul class=\"plain\">\n");
            foreach (var withheld in report.Policy.Withheld)
                html.Add($"<li><strong>{words.Of(withheld.Modality)}</strong> <span class=\"muted\">{withheld.Reason}</span></li>\n");
            html.Add($"</ul>\n");
        }

        if (report.NotAnalysed.Count > 0)
        {
            html.Add($"<p class=\"label\">{words.Pick("Could not be analysed", "无法分析")}</p><ul class=\"plain\">\n");
            foreach (var missing in report.NotAnalysed)
                html.Add($"<li><strong>{words.Of(missing.Modality)}</strong> <span class=\"muted\">{missing.Reason}</span></li>\n");
            html.Add($"</ul>\n");
        }

        html.Add($"</div>\n<div><h3>{words.Pick("Plan and models", "方案与模型")}</h3>\n<dl class=\"figures\"><div><dt>{words.Pick("Plan", "方案")}</dt>");
        html.Add($"<dd>{report.Plan.Id}, {words.Pick("version", "版本")} {report.Plan.Version}</dd></div>");
        html.Add($"<div><dt>{words.Pick("Rater", "评分器")}</dt><dd>{report.Overall.Rater}</dd></div>");
        foreach (var model in report.Models)
            html.Add($"<div><dt>{words.Pick("Model", "模型")}</dt><dd>{model.Id} <span class=\"muted\">{model.Version}</span></dd></div>");
        html.Add($"</dl>\n</div>\n</div>\n<h3>{words.Pick("How to read this", "如何阅读")}</h3>\n<ul class=\"read\">\n");
        foreach (var note in report.Notes)
            html.Add($"<li>{words.Of(note)}</li>\n");
        html.Add($"</ul>\n</section>\n");
    }
}
