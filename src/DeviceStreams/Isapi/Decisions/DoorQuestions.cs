using System.Globalization;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>
/// One device's questions who may pass, from whichever way they come. Each is answered once, from the disk's record of it; a question of the log is never answered; what is decided too
/// late is a timeout, in the record too. Thread-safe.
/// </summary>
internal sealed class DoorQuestions(Device device, IsapiServices services)
{
    // A question older than this was not asked now, whatever it says.
    private static readonly TimeSpan MostAge = TimeSpan.FromMinutes(5);

    // What the answer needs to reach the device: a round trip for a nonce and one for itself, on a bad radio link.
    private static readonly TimeSpan WayBack = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromMilliseconds(200);

    private const string TooLate = "decided too late: the door stayed closed";
    private const string Welcome = "Welcome";
    private const string Refused = "Access denied";
    private const string TryAgain = "Please try again";

    /// <summary>Is this a question that somebody waits at a door for?</summary>
    /// <param name="row">Says why not, where the device's clock is to blame: a person finds a closed door and the record, and nothing else.</param>
    public bool IsAsked(IsapiEvent happened, DeviceEventRow row, TimeZoneInfo zone, RemoteCheckSettings settings)
    {
        if (happened is not { IsQuestion: true, Serial: not null } || happened.IsCurrent == false || settings is not { IsEnabled: true, Way: not AnswerWay.Elsewhere })
            return false;
        if (!DeviceTime.TryParse(happened.Time, zone, out var time))
            return false;
        var off = services.Time.GetUtcNow() - time.Time;
        if (off.Duration() <= MostAge)
            return true;
        row.Reason = string.Create(CultureInfo.InvariantCulture, $"not answered: by the device's clock it was asked {off.Duration().TotalMinutes:0} min {(off > TimeSpan.Zero ? "ago" : "ahead")}; set its clock and zone");
        return false;
    }

    /// <summary>Decides, and stores the decision. Always to its end, which is never far: also a question whose device has hung up leaves its record.</summary>
    /// <param name="row">Of the question; becomes the record of the decision.</param>
    /// <param name="arrivedAt">When the question came: what the device's patience counts from.</param>
    /// <exception cref="Exception">The database's: nothing is stored, and nothing may open.</exception>
    public async Task<QuestionAnswer> DecideAsync(IsapiEvent question, DeviceEventRow row, ReadOnlyMemory<byte> picture, RemoteCheckSettings settings, DateTimeOffset arrivedAt)
    {
        var counts = services.CountsOf(device);
        var due = arrivedAt + LimitOf(settings);
        row.Code = DeviceText.Clean("remote-check/" + row.Code, 64);
        using var late = new CancellationTokenSource(Later(due - services.Time.GetUtcNow()), services.Time);
        try
        {
            await RuleAsync(question, row, picture, late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            MakeLate(row);
        }

        // A refusal may come late: it changes nothing. Only a door that opens needs the disk in time.
        if (services.Time.GetUtcNow() >= due && row.Outcome == DeviceEventOutcome.Granted)
            MakeLate(row);
        var isGranted = row.Outcome == DeviceEventOutcome.Granted;
        var duplicates = isGranted ? await services.Journal.AppendInTimeAsync(row, due, MakeLate, services.Time) : await services.Journal.AppendAsync([row]);
        if (duplicates is null)
        {
            counts.CountLate();
            return new QuestionAnswer(true, false, TryAgain);
        }

        // The question came before, by another way or to a process before this one: it was answered then, or was too late then.
        if (duplicates > 0)
        {
            counts.CountStored(0, 1);
            return QuestionAnswer.None;
        }

        counts.CountStored(1, 0);
        if (row.Outcome == DeviceEventOutcome.TimedOut)
            counts.CountLate();
        else
            counts.CountDecided();
        return new QuestionAnswer(true, isGranted, isGranted ? Welcome : row.Outcome == DeviceEventOutcome.TimedOut ? TryAgain : Refused);
    }

    /// <summary>The device did not take a decision in time, or not at all: a record beside the decision's.</summary>
    public async Task NoteLateAsync(DeviceEventRow decision, string reason)
    {
        services.CountsOf(device).CountLate();
        await services.Journal.AppendAsync(
        [
            new DeviceEventRow
            {
                Tenant = decision.Tenant,
                DeviceId = decision.DeviceId,
                DeduplicationKey = decision.DeduplicationKey + "/late",
                Kind = DeviceEventKind.Access,
                Outcome = DeviceEventOutcome.TimedOut,
                PersonNumber = decision.PersonNumber,
                OccurredAt = decision.OccurredAt,
                DeviceTime = decision.DeviceTime,
                Method = decision.Method,
                Code = decision.Code,
                Direction = decision.Direction,
                Door = decision.Door,
                Similarity = decision.Similarity,
                Liveness = decision.Liveness,
                Reason = DeviceText.Clean(reason, 256),
            },
        ]);
    }

    private TimeSpan LimitOf(RemoteCheckSettings settings)
    {
        var ours = TimeSpan.FromMilliseconds(services.Devices.DecisionDeadlineMs);
        var theirs = settings.Timeout - WayBack;
        return ours < theirs ? ours : theirs > ShortestLimit ? theirs : ShortestLimit;
    }

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private static void MakeLate(DeviceEventRow record) => (record.Outcome, record.Reason) = (DeviceEventOutcome.TimedOut, TooLate);

    private async Task RuleAsync(IsapiEvent question, DeviceEventRow row, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        if (question.PersonNumber.Length == 0)
        {
            (row.Outcome, row.Reason) = (DeviceEventOutcome.NotRecognised, "the device names nobody");
            return;
        }

        var person = await services.People.FindAsync(device.Tenant, question.PersonNumber, cancellationToken);
        var ruling = services.Policy.Rule(device, person?.Known);
        if (!ruling.MayOpen)
        {
            (row.Outcome, row.Reason) = (person is null ? DeviceEventOutcome.NotRecognised : DeviceEventOutcome.Denied, ruling.Reason);
            return;
        }

        (row.Outcome, row.Reason) = (DeviceEventOutcome.Granted, "");
        if (picture.IsEmpty || services.Faces is not { } faces)
        {
            if (device.Row.Liveness == LivenessMode.Require)
                (row.Outcome, row.Reason) = (DeviceEventOutcome.NotAssessed, "liveness could not be checked without a picture, and this door requires it");
            return;
        }

        var seen = await faces.VerifyAsync(device, question.PersonNumber, picture, cancellationToken);
        row.Similarity = seen.Similarity is { } cosine ? Math.Round(cosine, 4) : null;
        row.Liveness = seen.LiveProbability is { } live ? Math.Round(live, 4) : null;
        (row.Outcome, row.Reason) = Judge(seen);
    }

    private (DeviceEventOutcome Outcome, string Reason) Judge(FaceVerification seen)
    {
        var least = device.Row.AcceptSimilarity ?? services.Devices.AcceptSimilarity;
        if (seen.Similarity < least)
            return (DeviceEventOutcome.Denied, "the face is not that of the person whom the device names");
        if (device.Row.Liveness == LivenessMode.Require)
        {
            if (seen.LiveProbability is not { } probability)
                return (DeviceEventOutcome.NotAssessed, "liveness could not be checked, and this door requires it");
            if (probability < services.Devices.LiveProbability)
                return (DeviceEventOutcome.Spoof, "looks like a picture of a face");
        }

        // The device has recognised the person; that we could not is said, and is no refusal.
        return (DeviceEventOutcome.Granted, seen.Similarity is null && seen.Reason.Length > 0 ? "face not compared: " + DeviceText.Clean(seen.Reason, 200) : "");
    }
}
