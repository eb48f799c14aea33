using System.Text;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

public sealed class InterviewSessionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_packet_sent_twice_is_recorded_once()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);

        (await connection.AcceptAsync(SessionHarness.Audio(0), None)).Outcome.ShouldBe(PacketOutcome.Recorded);
        (await connection.AcceptAsync(SessionHarness.Audio(0), None)).Outcome.ShouldBe(PacketOutcome.Duplicate);

        var acknowledged = await SessionHarness.NextAsync<Acknowledged>(connection);
        acknowledged.Positions.ShouldBe([new ResumePosition(TrackKind.Audio, 1)]);
    }

    [Fact]
    public async Task What_was_acknowledged_is_where_the_next_process_goes_on()
    {
        await using var harness = new SessionHarness();
        Acknowledged acknowledged;
        await using (var session = await harness.OpenAsync())
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            for (var i = 0UL; i < 100; i++)
                await connection.AcceptAsync(SessionHarness.Audio(i), None);
            acknowledged = await SessionHarness.NextAsync<Acknowledged>(connection, a => a.Positions[0].NextSequence == 100);
        }

        await using var reopened = await harness.OpenAsync();
        using var resumed = reopened.Connect([SessionHarness.Pcm]);

        resumed.Resumed.ShouldBeTrue();
        resumed.Durable.ShouldBe(acknowledged.Durable);
        resumed.ResumePositions.ShouldBe(acknowledged.Positions);
    }

    [Fact]
    public async Task What_is_made_durable_at_once_again_and_again_does_not_stop_the_media()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);

        // More often than the session flushes by itself: two written answers and the sound between them.
        for (var i = 0UL; i < 20; i++)
        {
            (await connection.AcceptAsync(SessionHarness.Audio(i), None)).Outcome.ShouldBe(PacketOutcome.Recorded);
            await session.MakeDurableAsync(None);
        }
    }

    [Fact]
    public async Task A_second_connection_takes_the_interview_over()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var first = session.Connect([SessionHarness.Pcm]);
        using var second = session.Connect([SessionHarness.Pcm]);

        first.Superseded.IsCancellationRequested.ShouldBeTrue();
        (await first.AcceptAsync(SessionHarness.Audio(0), None)).Outcome.ShouldBe(PacketOutcome.Superseded);
        (await second.AcceptAsync(SessionHarness.Audio(0), None)).Outcome.ShouldBe(PacketOutcome.Recorded);
    }

    [Fact]
    public async Task A_track_may_not_change_its_format()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);

        Should.Throw<InvalidOperationException>(() => session.Connect([SessionHarness.Pcm with { SampleRate = 8_000 }])).Message.ShouldContain("8000");
    }

    [Fact]
    public async Task Without_consent_nothing_is_recorded()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync(Modality.Text);
        using var connection = session.Connect([SessionHarness.Pcm]);

        (await connection.AcceptAsync(SessionHarness.Audio(0), None)).Outcome.ShouldBe(PacketOutcome.NotPermitted);
        await connection.EndAsync(0, 20_000, InterviewEndReason.ClientEnded, None);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        new FileInfo(Path.Combine(harness.InterviewFolder, "recording.msrec")).Length.ShouldBeLessThan(640);
    }

    [Fact]
    public async Task A_clock_that_runs_backwards_is_absorbed_and_stated()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);
        for (var i = 0UL; i < 100; i++)
            await connection.AcceptAsync(SessionHarness.Audio(i), None);

        // Back by a minute, as after a change of the system's time.
        for (var i = 100UL; i < 150; i++)
            await connection.AcceptAsync(SessionHarness.Audio(i, (long)i * 20_000 - 60_000_000), None);
        (await SessionHarness.NextAsync<NoticeRaised>(connection)).Notice.ShouldBe(SessionNotice.ClockJumped);
        await connection.EndAsync(0, 3_000_000 - 60_000_000, InterviewEndReason.ClientEnded, None);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        session.Observations.OfType<MediaGap>().ShouldHaveSingleItem().Reason.ShouldBe(GapReasons.ClockJumpedBackward);
        session.Observations.OfType<InterviewEnded>().Single().Range.Start.ShouldBe(MediaTime.FromSeconds(3));
        session.Durable.ShouldBe(MediaTime.FromSeconds(3));
    }

    [Fact]
    public async Task A_clock_that_ran_backwards_keeps_its_offset_over_a_restart()
    {
        await using var harness = new SessionHarness();
        await using (var session = await harness.OpenAsync())
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            await connection.AcceptAsync(SessionHarness.Audio(0, 10_000_000), None);
            await connection.AcceptAsync(SessionHarness.Audio(1, 0), None);
            await SessionHarness.NextAsync<Acknowledged>(connection, a => a.Positions.Any(p => p is { Track: TrackKind.Audio, NextSequence: 2 }));
        }

        await using var reopened = await harness.OpenAsync();
        using var resumed = reopened.Connect([SessionHarness.Pcm]);
        await resumed.AcceptAsync(SessionHarness.Audio(2, 20_000), None);
        await resumed.EndAsync(0, 40_000, InterviewEndReason.ClientEnded, None);
        await reopened.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        reopened.Observations.OfType<MediaGap>().Count().ShouldBe(1);
        reopened.Observations.OfType<InterviewEnded>().Single().Range.Start.ShouldBe(new MediaTime(10_060_000));
    }

    [Fact]
    public async Task Packets_out_of_order_are_all_recorded_and_the_missing_one_is_asked_for()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);
        foreach (var sequence in new ulong[] { 0, 2, 3, 5, 4 })
            await connection.AcceptAsync(SessionHarness.Audio(sequence), None);

        var missing = await SessionHarness.NextAsync<Acknowledged>(connection);
        await connection.AcceptAsync(SessionHarness.Audio(1), None);
        var whole = await SessionHarness.NextAsync<Acknowledged>(connection);

        missing.Positions.Single().NextSequence.ShouldBe(1UL);
        whole.Positions.Single().NextSequence.ShouldBe(6UL);
        session.Observations.OfType<MediaGap>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("stage-1", "q9", 1, "no question 'q9'")]
    [InlineData("stage-2", "q1", 1, "no question 'q1'")]
    [InlineData("stage-1", "q1", 3, "out of range: 1 to 2")]
    public async Task A_marker_that_the_plan_does_not_know_is_refused_with_the_reason(string stageId, string questionId, int attempt, string reason)
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([]);

        var verdict = await connection.AcceptMarkerAsync(0, 0, stageId, questionId, attempt, begins: true, None);

        verdict.Outcome.ShouldBe(PacketOutcome.Refused);
        verdict.Reason!.ShouldContain(reason);
    }

    [Fact]
    public async Task Limits_are_named_in_the_refusal()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);

        (await connection.AcceptAsync(SessionHarness.Audio(0, 11L * 60 * 1_000_000), None)).Reason!.ShouldContain("10 minutes");
        (await connection.AcceptAsync(SessionHarness.Audio(90_000, 0), None)).Reason!.ShouldContain("too far ahead");
        (await connection.AcceptAsync(SessionHarness.Audio(1) with { Payload = new byte[3] }, None)).Reason!.ShouldContain("no whole number");
        (await connection.AcceptAsync(SessionHarness.Audio(1) with { Payload = default }, None)).Reason!.ShouldContain("empty");
        (await connection.AcceptWrittenAnswerAsync(0, 0, "stage-1", "q1", 1, new string('x', 20_001), None)).Reason!.ShouldContain("20000");
        (await connection.AcceptAsync(SessionHarness.Audio(0) with { Track = TrackKind.Video }, None)).Reason!.ShouldContain("Start did not describe");
    }

    [Fact]
    public async Task An_interview_leaves_its_stages_in_the_timeline_and_completes()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync(timeLimit: TimeSpan.FromSeconds(1));
        using var connection = session.Connect([SessionHarness.Pcm]);

        await PlayAsync(connection, from: 0);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        var observations = session.Observations;
        observations[0].ShouldBeOfType<InterviewStarted>();
        observations.OfType<StageEnded>().Select(s => (s.QuestionId, s.Reason)).ShouldBe([("q1", StageEndReason.TimeLimit), ("q2", StageEndReason.TimeLimit)]);
        observations.OfType<WrittenAnswer>().Single().Text.ShouldBe("In writing.");
        observations[^1].ShouldBeOfType<FinalPassDone>();
        (await connection.AcceptAsync(SessionHarness.Audio(5_000), None)).Outcome.ShouldBe(PacketOutcome.Ended);
        (await connection.EndAsync(3, 0, InterviewEndReason.ClientEnded, None)).Outcome.ShouldBe(PacketOutcome.Duplicate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(149)]
    public async Task A_restart_in_the_middle_changes_nothing_in_what_was_observed(int packetsBeforeTheRestart)
    {
        await using var undisturbed = new SessionHarness();
        await using var restarted = new SessionHarness();
        var expected = await WholeInterviewAsync(undisturbed);

        await using (var session = await restarted.OpenAsync(timeLimit: TimeSpan.FromSeconds(1)))
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            await PlayAsync(connection, from: 0, until: (ulong)packetsBeforeTheRestart);
        }

        var observed = await WholeInterviewAsync(restarted);

        Told(observed).ShouldBe(Told(expected));
    }

    [Fact]
    public async Task An_interview_that_was_complete_is_complete_when_it_is_opened_again()
    {
        await using var harness = new SessionHarness();
        var before = await WholeInterviewAsync(harness);

        await using var reopened = await harness.OpenAsync();
        await reopened.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        Told(reopened.Observations).ShouldBe(Told(before));
        reopened.HasEnded.ShouldBeTrue();
        reopened.ControlHistory.Select(c => c.QuestionId).ShouldBe(["q1", "q2", "q2"]);
    }

    [Fact]
    public async Task The_server_ends_an_interview_at_its_latest_media_and_a_restart_finds_the_same_end()
    {
        await using var harness = new SessionHarness();
        await using (var session = await harness.OpenAsync())
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            await connection.AcceptMarkerAsync(0, 0, "stage-1", "q1", 1, begins: true, None);
            for (var i = 0UL; i < 50; i++)
                await connection.AcceptAsync(SessionHarness.Audio(i), None);

            await session.EndAsync(InterviewEndReason.IdleTimeout, None);
            await session.EndAsync(InterviewEndReason.Withdrawn, None);

            session.HasEnded.ShouldBeTrue();
            session.Durable.ShouldBe(new MediaTime(980_000));
            (await connection.AcceptAsync(SessionHarness.Audio(50), None)).Outcome.ShouldBe(PacketOutcome.Ended);
        }

        await using var reopened = await harness.OpenAsync();
        await reopened.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        reopened.Observations.OfType<InterviewEnded>().ShouldBe([new InterviewEnded(MediaRange.At(new MediaTime(980_000)), InterviewEndReason.IdleTimeout)]);
        reopened.Observations.OfType<StageEnded>().ShouldHaveSingleItem().Reason.ShouldBe(StageEndReason.InterviewEnded);
    }

    [Fact]
    public async Task A_number_that_was_refused_is_still_asked_for()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync();
        using var first = session.Connect([SessionHarness.Pcm]);
        await first.AcceptAsync(SessionHarness.Audio(0), None);

        (await first.AcceptAsync(SessionHarness.Audio(1, 11L * 60 * 1_000_000), None)).Outcome.ShouldBe(PacketOutcome.Refused);
        using var second = session.Connect([SessionHarness.Pcm]);
        var sent = await second.AcceptAsync(SessionHarness.Audio(1), None);
        var acknowledged = await SessionHarness.NextAsync<Acknowledged>(second, a => a.Positions[0].NextSequence > 1);

        sent.Outcome.ShouldBe(PacketOutcome.Recorded);
        acknowledged.Positions.ShouldBe([new ResumePosition(TrackKind.Audio, 2)]);
    }

    [Fact]
    public async Task A_clock_anchor_whose_packet_was_lost_with_the_process_is_stated_once()
    {
        await using var harness = new SessionHarness();
        await using (var session = await harness.OpenAsync())
        {
            using var connection = session.Connect([SessionHarness.Pcm]);
            await connection.AcceptAsync(SessionHarness.Audio(0, 10_000_000), None);
            await SessionHarness.NextAsync<Acknowledged>(connection);
        }

        await using (var recording = await harness.OpenRecordingAsync())
        {
            var anchor = new ClockAnchorRecord(TrackKind.Audio, 10_020_000, GapReasons.ClockJumpedBackward, 10_020_000, 10_020_000);
            recording.DescribeTrack(new TrackFormat(TrackKind.Control, MediaCodec.None, 0, 0));
            await recording.AppendAsync(new RecordedPacket(TrackKind.Control, 1UL << 63, new MediaTime(10_020_000), KeyFrame: false, anchor.Serialize()));
        }

        await using var reopened = await harness.OpenAsync();
        using var resumed = reopened.Connect([SessionHarness.Pcm]);
        await resumed.AcceptAsync(SessionHarness.Audio(1, 0), None);
        await resumed.EndAsync(0, 20_000, InterviewEndReason.ClientEnded, None);
        await reopened.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        reopened.Observations.OfType<MediaGap>().Count().ShouldBe(1);
        reopened.Observations.OfType<InterviewEnded>().Single().Range.Start.ShouldBe(new MediaTime(10_040_000));
    }

    [Fact]
    public async Task Markers_pass_time_so_that_a_stage_without_media_keeps_its_limit()
    {
        await using var harness = new SessionHarness();
        await using var session = await harness.OpenAsync(timeLimit: TimeSpan.FromSeconds(1));
        using var connection = session.Connect([]);

        await connection.AcceptMarkerAsync(0, 0, "stage-1", "q1", 1, begins: true, None);
        await connection.AcceptMarkerAsync(1, 5_000_000, "stage-1", "q1", 1, begins: false, None);
        await connection.EndAsync(2, 6_000_000, InterviewEndReason.ClientEnded, None);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        var ended = session.Observations.OfType<StageEnded>().ShouldHaveSingleItem();
        (ended.Range.Start, ended.Reason).ShouldBe((MediaTime.FromSeconds(1), StageEndReason.TimeLimit));
    }

    [Fact]
    public async Task A_packet_that_comes_when_the_session_is_closed_is_answered_and_not_thrown_at()
    {
        await using var harness = new SessionHarness();
        var session = await harness.OpenAsync();
        using var connection = session.Connect([SessionHarness.Pcm]);
        await session.DisposeAsync();

        (await connection.AcceptAsync(SessionHarness.Audio(0), None)).Outcome.ShouldBe(PacketOutcome.Superseded);
        await Should.ThrowAsync<ObjectDisposedException>(() => session.EndAsync(InterviewEndReason.IdleTimeout, None));
    }

    [Fact]
    public async Task An_observation_that_cannot_be_written_is_heard_of()
    {
        await using var harness = new SessionHarness();
        await using var timeline = await harness.OpenTimelineAsync();
        using var sink = new SessionSink(timeline);

        await sink.AppendAsync(new WrittenAnswer(MediaRange.At(MediaTime.Zero), "stage-1", "q1", 1, new string('x', 3_000_000)), None);

        (await Should.ThrowAsync<LogStorageException>(() => sink.FlushAsync(None))).Message.ShouldContain("3000");
    }

    private static async Task<IReadOnlyList<Observation>> WholeInterviewAsync(SessionHarness harness)
    {
        await using var session = await harness.OpenAsync(timeLimit: TimeSpan.FromSeconds(1));
        using var connection = session.Connect([SessionHarness.Pcm]);
        var next = connection.ResumePositions.FirstOrDefault(p => p.Track == TrackKind.Audio).NextSequence;
        await PlayAsync(connection, next);
        await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));
        return session.Observations;
    }

    /// <summary>3 s of sound; q1 from 0, q2 from 1.5 s, a written answer at 2.5 s, the end. What was sent before is sent again as far as a client would.</summary>
    private static async Task PlayAsync(MediaConnection connection, ulong from, ulong until = 150)
    {
        for (var i = 0UL; i < until; i++)
        {
            if (i == 0)
                await connection.AcceptMarkerAsync(0, 0, "stage-1", "q1", 1, begins: true, None);
            if (i == 75)
                await connection.AcceptMarkerAsync(1, 1_500_000, "stage-2", "q2", 1, begins: true, None);
            if (i == 125)
                await connection.AcceptWrittenAnswerAsync(2, 2_500_000, "stage-2", "q2", 1, "In writing.", None);
            if (i >= from)
                await connection.AcceptAsync(SessionHarness.Audio(i), None);
        }

        if (until == 150)
            await connection.EndAsync(3, 3_000_000, InterviewEndReason.ClientEnded, None);
    }

    private static List<string> Told(IReadOnlyList<Observation> observations) =>
        [.. observations.Where(o => o is not ConnectionChanged).Select(o => Encoding.UTF8.GetString(ObservationSerializer.Write(o)))];
}
