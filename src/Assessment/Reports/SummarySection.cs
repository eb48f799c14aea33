namespace MediaScore.Assessment.Reports;

/// <summary>The rating of the whole and of each competency, on one screen.</summary>
internal static class SummarySection
{
    public static void Write(ReportPage page)
    {
        var (report, words, html) = (page.Report, page.Words, page.Html);
        html.Add($"<section class=\"card summary\" aria-labelledby=\"summary\">\n<h2 id=\"summary\">{words.Pick("Result", "结果")}</h2>\n<div class=\"overall\">\n");
        if (report.Overall.Rating is { } rating)
            html.Add($"<p class=\"big\"><strong>{ReportWords.Rating(rating)}</strong><span>/ 5</span></p>\n");
        else
            html.Add($"<p class=\"big none\"><strong>{words.Pick("Not assessed", "未评估")}</strong></p>\n");
        html.Add($"<div class=\"overall-side\">{page.Scale(report.Overall.Rating)}\n<p class=\"muted\">");
        html.Add($"{words.Pick("Covers", "已评估方案权重的")} {ReportWords.Percent(report.Overall.Coverage)} {words.Pick("of the plan's weight", "")}");
        if (report.Overall.Rating is not null)
            html.Add($" · {words.Confidence(report.Overall.Confidence)}");
        html.Add($"</p>\n<p class=\"decides\">{words.Pick("A person decides. This page rejects nobody.", "由人来决定。本页不淘汰任何人。")}</p></div>\n</div>\n");
        html.Add($"<table class=\"scores\">\n<thead class=\"sr\"><tr><th scope=\"col\">{words.Pick("Competency", "胜任力")}</th>");
        html.Add($"<th scope=\"col\">{words.Pick("Scale", "等级")}</th><th scope=\"col\">{words.Pick("Rating", "评分")}</th></tr></thead>\n<tbody>\n");
        foreach (var competency in report.Competencies)
            WriteCompetency(page, competency);
        html.Add($"</tbody>\n</table>\n</section>\n");
    }

    private static void WriteCompetency(ReportPage page, ReportCompetency competency)
    {
        var (words, html) = (page.Words, page.Html);
        html.Add($"<tr><th scope=\"row\"><a href=\"#c-{FirstQuestion(page.Report, competency.Id)}-{competency.Id}\">{competency.Name}</a></th>");
        html.Add($"<td class=\"scale-cell\">{page.Scale(competency.Rating)}</td>");
        if (competency.Rating is { } rating)
        {
            html.Add($"<td><strong>{ReportWords.Rating(rating)}</strong> <span class=\"muted\">{words.Confidence(competency.Confidence)}");
            if (competency.Coverage < 1)
                html.Add($" · {words.Pick("from", "依据")} {competency.AssessedQuestionCount} / {competency.QuestionCount} {words.Pick("answers", "题")}");
            html.Add($"</span></td></tr>\n");
            return;
        }

        var why = page.Report.Stages.SelectMany(s => s.Questions).SelectMany(q => q.Ratings)
            .Where(r => r.CompetencyId == competency.Id && r.NotAssessed is not null).Select(r => words.Of(r.NotAssessed!.Value)).Distinct();
        html.Add($"<td><span class=\"not\">{words.Pick("Not assessed", "未评估")}: {string.Join(", ", why)}</span></td></tr>\n");
    }

    private static string FirstQuestion(InterviewReport report, string competencyId) =>
        report.Stages.SelectMany(s => s.Questions).First(q => q.Ratings.Any(r => r.CompetencyId == competencyId)).Id;
}
