using System.Text.Json;
using MediaScore.MediaServer.Tests.Support;

namespace MediaScore.MediaServer.Tests.Api.Candidate;

public sealed class CandidateReceiptTests
{
    private const string Text = "We offer the lunch menu at dinner price on two weekends and count the guests.";

    [Fact]
    public async Task The_receipt_says_what_was_recorded_and_answered_during_the_interview_and_after_it()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(settings: ("Candidates:Contact", "people@example.com"));
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio", "video", "text");
        await using var page = await candidate.ListenAsync();
        using var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await media.SendSilenceAsync(0, 20);
        await media.ReadUntilDurableAsync(19.9);
        await candidate.StageAsync("begin", "late-dish", "late-dish-response");
        await media.SendSilenceAsync(20, 10);
        await media.ReadUntilDurableAsync(29.9);
        await candidate.StageAsync("end", "late-dish", "late-dish-response");
        CandidateCaller.Done(await candidate.PostAsync("written-answer", new { stageId = "weekend-promotion", questionId = "weekend-promotion-plan", attempt = 1, text = Text }));

        var during = await candidate.GetAsync("receipt");
        CandidateCaller.Done(await candidate.PostAsync("end", new { }));
        await page.UntilAsync("finished");
        var after = await candidate.GetAsync("receipt?lang=zh");

        during.GetProperty("state").GetString().ShouldBe("running");
        during.GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var receipt in new[] { during, after })
        {
            Recorded(receipt, "audio").ShouldBe((true, null));
            Recorded(receipt, "text").ShouldBe((true, null));
            Recorded(receipt, "video").ShouldBe((false, "nothing came"));
            Recorded(receipt, "transcript").ShouldBe((false, "no consent"));
            Recorded(receipt, "expression").Reason.ShouldStartWith("policy default");
            var answers = receipt.GetProperty("answers").EnumerateArray().ToList();
            answers.Select(a => a.GetProperty("answered").GetBoolean()).ShouldBe([true, true, false]);
            answers[0].GetProperty("seconds").GetDouble().ShouldBe(10.25, 0.2);
            answers[0].GetProperty("attempts").GetInt32().ShouldBe(1);
            answers[1].GetProperty("writtenCharacters").GetInt32().ShouldBe(Text.Length);
            receipt.GetProperty("decidedBy").GetString().ShouldBe("person");
            receipt.GetProperty("contact").GetString().ShouldBe("people@example.com");
            receipt.GetProperty("recordedMs").GetInt64().ShouldBeInRange(29_900, 31_000);
        }

        after.GetProperty("state").GetString().ShouldBe("finished");
        after.GetProperty("title").GetString().ShouldBe("餐厅门店店长");
        after.GetProperty("endedAt").GetDateTimeOffset().ShouldBeGreaterThan(after.GetProperty("startedAt").GetDateTimeOffset());
        // Nothing of a rating is in it.
        after.ToString().ShouldNotContain("rating");
    }

    [Fact]
    public async Task An_interview_that_was_left_began_when_it_began_and_page_and_receipt_open_when_it_is_over()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(null, ("Streams:InterviewIdleSeconds", "3"));
        var (candidate, interview) = await CandidateCaller.InviteAsync(server);
        using var _candidate = candidate;
        await candidate.ConsentAsync("audio");
        var report = server.Host.Registry.Find(candidate.InterviewId)!.Report;
        DateTimeOffset running;
        using (var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm))
        {
            await media.SendSilenceAsync(0, 0.5);
            await media.ReadUntilDurableAsync(0.4);
            running = TimeProvider.System.GetUtcNow();
        }

        await report.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        var receipt = await candidate.GetAsync("receipt");
        using var link = await server.Http.GetAsync(new Uri(interview.CandidateUrl).PathAndQuery + "&lang=zh", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, link.Headers.Location);
        request.Headers.Add("Cookie", $"mediascore-candidate={candidate.Token}");
        using var page = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        receipt.GetProperty("startedAt").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(running);
        receipt.GetProperty("endedAt").GetDateTimeOffset().ShouldBeGreaterThan(running);
        Recorded(receipt, "audio").ShouldBe((true, null));
        link.Headers.Location!.OriginalString.ShouldBe($"/interviews/{candidate.InterviewId}?lang=zh");
        ((int)page.StatusCode).ShouldBe(200);
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("<html lang=\"zh\"");
    }

    private static (bool Recorded, string? Reason) Recorded(JsonElement receipt, string modality)
    {
        var line = receipt.GetProperty("recorded").EnumerateArray().Single(m => m.GetProperty("modality").GetString() == modality);
        return (line.GetProperty("recorded").GetBoolean(), line.GetProperty("reason").GetString());
    }
}
