using MediaScore.Assessment.Scoring;

namespace MediaScore.Assessment.Reports;

/// <summary>One question: what was asked, how it was rated and why, and every sentence of the answer.</summary>
internal static class QuestionSection
{
    public static void Write(ReportPage page, ReportStage stage, ReportQuestion question)
    {
        var (words, html) = (page.Words, page.Html);
        html.Add($"<section class=\"card question\" aria-labelledby=\"q-{question.Id}\">\n<p class=\"kicker\">{words.Mode(stage.Mode)} · {stage.Title}</p>\n");
        html.Add($"<h2 id=\"q-{question.Id}\">{question.Text}</h2>\n");
        WriteFacts(page, question);
        html.Add($"<div class=\"ratings\">\n");
        foreach (var rating in question.Ratings)
            WriteRating(page, rating);
        html.Add($"</div>\n");
        WriteTranscript(page, stage, question);
        html.Add($"</section>\n");
    }

    private static void WriteFacts(ReportPage page, ReportQuestion question)
    {
        var (words, html) = (page.Words, page.Html);
        html.Add($"<p class=\"facts\">");
        if (question.Answer is not { } answer)
        {
            html.Add($"{words.Pick("Not answered", "未作答")}</p>\n");
            return;
        }

        var counting = question.Attempts[^1];
        // An answer in writing is a moment, not a stretch: it was sent, it did not end.
        var ending = counting.EndReason is null && counting.StartMs == counting.EndMs ? words.Pick("sent", "已提交") : words.Of(counting.EndReason);
        html.Add($"{ReportWords.Times(counting.StartMs, counting.EndMs)} · {ending}");
        if (answer.WordCount > 0)
            html.Add($" · {answer.WordCount} {words.Pick("words", "词")}");
        if (answer.SpeechMs > 0)
            html.Add($" · {words.Duration(answer.SpeechMs)} {words.Pick("of speech", "语音")}");
        if (answer.Delivery is { } delivery)
        {
            html.Add($" · {delivery.FillersPer100Words:0.#} {words.Pick("fillers in 100 words", "个填充词/百词")} · {ReportWords.Percent(delivery.PauseShare)} {words.Pick("pauses", "停顿")}");
            html.Add($" · {delivery.SyllablesPerSecond:0.0} {words.Pick("syllables a second", "音节/秒")}");
        }

        html.Add($"</p>\n");
        if (question.Attempts.Count < 2)
            return;
        html.Add($"<p class=\"facts\">{words.Pick("Earlier takes, not rated", "之前的作答，未评分")}: ");
        foreach (var (index, attempt) in question.Attempts.SkipLast(1).Index())
            html.Add($"{(index > 0 ? ", " : "")}{attempt.Attempt} ({ReportWords.Times(attempt.StartMs, attempt.EndMs)}, {words.Of(attempt.EndReason)})");
        html.Add($"</p>\n");
    }

    private static void WriteRating(ReportPage page, CompetencyRating rating)
    {
        var (words, html) = (page.Words, page.Html);
        var competency = page.Report.Competencies.First(c => c.Id == rating.CompetencyId);
        html.Add($"<article class=\"rating\" id=\"c-{rating.QuestionId}-{rating.CompetencyId}\">\n<div class=\"rating-head\"><h3>{competency.Name}</h3>");
        if (rating.Rating is { } known)
            html.Add($"<p class=\"figure\"><strong>{ReportWords.Rating(known)}</strong> / 5</p>");
        html.Add($"</div>\n{page.Scale(rating.Rating)}\n");
        if (rating.NotAssessed is { } reason)
        {
            html.Add($"<p class=\"not\">{words.Pick("Not assessed", "未评估")}: {words.Of(reason)}");
            if (rating.Reason.Length > 0 && (words.Language == "en" || reason == NotAssessedReason.NoModel))
                html.Add($" ({rating.Reason})");
            html.Add($"</p>\n");
        }
        else
        {
            html.Add($"<p class=\"muted\">{words.Confidence(rating.Confidence)}</p>\n");
            WriteParts(page, rating);
        }

        foreach (var quote in rating.Quotes)
            WriteQuote(page, rating, competency, quote);
        if (rating.Notes.Count > 0)
        {
            html.Add($"<ul class=\"notes\">");
            foreach (var note in rating.Notes)
                html.Add($"<li>{words.Of(note)}</li>");
            html.Add($"</ul>\n");
        }

        html.Add($"<details><summary>{words.Pick("The five levels", "五个等级")}</summary><p class=\"muted\">{competency.Definition}</p><ol class=\"levels\">");
        foreach (var anchor in competency.Anchors)
            html.Add($"<li>{anchor.Text}</li>");
        html.Add($"</ol></details>\n</article>\n");
    }

    private static void WriteParts(ReportPage page, CompetencyRating rating)
    {
        page.Html.Add($"<ul class=\"parts\">");
        foreach (var part in rating.Parts)
            page.Html.Add($"<li><span>{page.Words.Of(part.Kind)}</span> {ReportWords.Rating(part.Level)} <span class=\"muted\">× {ReportWords.Percent(part.Share)}</span></li>");
        page.Html.Add($"</ul>\n");
        if (rating.Signs.Count > 0)
            page.Html.Add($"<p class=\"signs\">{page.Words.Pick("Found in the answer", "回答中包含")}: {string.Join(page.Words.Pick(", ", "、"), rating.Signs.Select(page.Words.Of))}</p>\n");
    }

    private static void WriteQuote(ReportPage page, CompetencyRating rating, ReportCompetency competency, EvidenceQuote quote)
    {
        var (words, html) = (page.Words, page.Html);
        html.Add($"<figure class=\"evidence\"><blockquote>{quote.Text}</blockquote>\n");
        html.Add($"<figcaption><a href=\"#{ReportPage.SentenceAnchor(rating.QuestionId, quote.SentenceIndex)}\">{Place(words, quote)}</a>");
        html.Add($" <span>{words.Pick("nearest to level", "最接近等级")} {quote.AnchorLevel}: {competency.Anchors.First(a => a.Level == quote.AnchorLevel).Text}</span></figcaption>\n");
        if (page.ClipUrl(quote.StartMs, quote.EndMs) is { } clip)
            html.Add($"<audio controls preload=\"none\" src=\"{clip}\">{words.Pick("Clip", "片段")}</audio>\n");
        html.Add($"</figure>\n");
    }

    /// <summary>A written answer has no times worth reading.</summary>
    private static string Place(ReportWords words, EvidenceQuote quote) => quote.EndMs > quote.StartMs
        ? ReportWords.Times(quote.StartMs, quote.EndMs)
        : words.Pick($"Sentence {quote.SentenceIndex + 1}", $"第 {quote.SentenceIndex + 1} 句");

    private static void WriteTranscript(ReportPage page, ReportStage stage, ReportQuestion question)
    {
        var (words, html) = (page.Words, page.Html);
        if (question.Answer is not { } answer || (answer.Sentences.Count == 0 && answer.WithheldTexts.Count == 0))
            return;
        html.Add($"<h3 class=\"transcript-title\">{(stage.Mode == "text" ? words.Pick("Answer", "回答") : words.Pick("Transcript", "转写文字"))}</h3>\n<ol class=\"transcript\">\n");
        var quotedBy = question.Ratings.SelectMany(r => r.Quotes.Select(q => (q.SentenceIndex, r.CompetencyId))).ToLookup(q => q.SentenceIndex, q => q.CompetencyId);
        var lines = answer.Sentences.Select(s => (s.StartMs, Sentence: (ReportSentence?)s, Withheld: (ReportWithheldText?)null))
            .Concat(answer.WithheldTexts.Select(w => (w.StartMs, Sentence: (ReportSentence?)null, Withheld: (ReportWithheldText?)w))).OrderBy(l => l.StartMs);
        foreach (var (startMs, sentence, withheld) in lines)
        {
            if (sentence is null)
            {
                html.Add($"<li><span class=\"at\">{ReportWords.Time(startMs)}</span><p class=\"withheld\">{words.Pick("text withheld", "文字未显示")}: {withheld!.Reason}</p></li>\n");
                continue;
            }

            var competencies = quotedBy[sentence.Index].ToList();
            html.Add($"<li id=\"{ReportPage.SentenceAnchor(question.Id, sentence.Index)}\"{new Markup(competencies.Count > 0 ? " class=\"quoted\"" : "")}>");
            if (page.ClipUrl(sentence.StartMs, sentence.EndMs) is { } clip)
                html.Add($"<a class=\"at\" href=\"{clip}\" title=\"{words.Pick("Play this sentence", "播放这一句")}\">▶ {ReportWords.Time(startMs)}</a>");
            else
                html.Add($"<span class=\"at\">{(stage.Mode == "text" ? $"{sentence.Index + 1}" : ReportWords.Time(startMs))}</span>");
            html.Add($"<p>{sentence.Text}");
            foreach (var id in competencies)
                html.Add($" <a class=\"tag\" href=\"#c-{question.Id}-{id}\">{page.Report.Competencies.First(c => c.Id == id).Name}</a>");
            html.Add($"</p></li>\n");
        }

        html.Add($"</ol>\n");
    }
}
