using System.Globalization;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Codes;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Tells terminals what to do when they ask, and writes down how it went.</summary>
internal sealed class ZkCommandDesk(ZkPushServices services, ZkPushCounts counts)
{
    // One delivery may have 900 KB by the manual; twelve pictures, of which more are not handed out at once, have 770.
    private const int MaxReplyBytes = 900_000;

    private const int MaxContentLength = 900;

    private static readonly TimeSpan ClockLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LargestDrift = TimeSpan.FromMinutes(1);

    /// <summary>The answer to a poll: <c>C:ID:COMMAND</c>, a line each; null where there is nothing to do.</summary>
    public async Task<byte[]?> TakeAsync(ZkSession session, CancellationToken cancellationToken)
    {
        await QueueClockAsync(session, cancellationToken);
        var (now, lines, room) = (services.Time.GetUtcNow(), new List<string>(), services.Options.CommandsAtOnce);
        var last = "";
        var told = new HashSet<long>();
        foreach (var (id, command) in session.Progress.TakeReady(now))
        {
            // Since the step before, somebody may have changed their mind.
            if (await WhyNoConsentAsync(session, command.Command, cancellationToken) is { } fault)
            {
                await EndAsync(session, id, succeeded: false, fault, cancellationToken);
                continue;
            }

            lines.Add(LineOf(id, command.Current));
            told.Add(id);
            room--;
        }

        if (room > 0)
        {
            foreach (var row in await services.Commands.TakeAsync(session.Device.Id, room, cancellationToken))
            {
                if (told.Contains(row.Id) || await PrepareAsync(session, row, cancellationToken) is not { } command)
                    continue;
                if (session.Progress.Find(row.Id) is { } underWay)
                {
                    // Many steps take longer than a command may be silent: the one that was not answered is told again, not the first.
                    lines.Add(LineOf(row.Id, underWay.Current));
                    continue;
                }

                session.Progress.Begin(row.Id, command, row.ExpiresAt);
                if (command.ResendsAll)
                    await session.ChangeAsync(state => state with { ResendAll = true }, cancellationToken);
                // A terminal that restarts drops what stands behind.
                if (command.IsLast)
                    last = LineOf(row.Id, command.Steps[0]);
                else
                    lines.Add(LineOf(row.Id, command.Steps[0]));
            }
        }

        if (last.Length > 0)
            lines.Add(last);
        return lines.Count > 0 ? Encode(session, lines) : null;
    }

    /// <summary>Writes down what a terminal says of its commands. What it was never told is passed over.</summary>
    public async Task TakeResultsAsync(ZkSession session, IReadOnlyList<CommandResult> results, CancellationToken cancellationToken)
    {
        foreach (var result in results)
        {
            if (result.Return is not { } code || !long.TryParse(result.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            await TakeResultAsync(session, id, code, result.Content, cancellationToken);
        }
    }

    /// <summary>A query's answer is there; the result that some terminals send behind it changes nothing any more.</summary>
    public Task EndQueryAsync(ZkSession session, string commandId, bool succeeded, string words, CancellationToken cancellationToken) =>
        long.TryParse(commandId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? EndAsync(session, id, succeeded, words, cancellationToken) : Task.CompletedTask;

    private static string LineOf(long id, ZkCommandStep step) => string.Create(CultureInfo.InvariantCulture, $"C:{id}:{step.Text}\n");

    private byte[] Encode(ZkSession session, List<string> lines)
    {
        using var reply = new MemoryStream();
        foreach (var line in lines)
        {
            var bytes = ZkText.Encode(line, session.Encoding);
            // What has no room is told again in a minute, as if it had been lost.
            if (reply.Length > 0 && reply.Length + bytes.Length > MaxReplyBytes)
                break;
            reply.Write(bytes);
            counts.CountCommand();
        }

        return reply.ToArray();
    }

    /// <returns>Null where it is not told: it is ended then.</returns>
    private async Task<ZkCommand?> PrepareAsync(ZkSession session, DeviceCommandRow row, CancellationToken cancellationToken)
    {
        var command = ZkCommandReader.Read(row, session.Dialect, ContextOf(session));
        var fault = command.Fault;
        if (command.OnlyOnce && row.SentCount > 1)
            fault = "It was told once and never answered; it is not told twice.";
        fault ??= await WhyNoConsentAsync(session, command, cancellationToken);
        if (fault is null)
            return command;
        await services.Commands.EndAsync(session.Device.Id, row.Id, succeeded: false, fault, cancellationToken);
        return null;
    }

    /// <returns>Null where nobody's face is in it, or its owner has agreed.</returns>
    private async Task<string?> WhyNoConsentAsync(ZkSession session, ZkCommand command, CancellationToken cancellationToken) =>
        command.ConsentOf is { } person && !await services.People.HasConsentAsync(session.Device.Tenant, person, cancellationToken)
            ? $"Nobody has written down that person {person} agreed to be recognised: no face without that."
            : null;

    private async Task TakeResultAsync(ZkSession session, long id, int code, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (session.Progress.Find(id) is not { } progress)
        {
            // Told before the server was started again.
            if (await FindAsync(session, id, cancellationToken) is not { } command || command.Steps.Count != 1)
                return;
            progress = new ZkCommandProgress.InFlight(command, Step: 0, IsReady: false, DateTimeOffset.MaxValue);
        }

        var returnsCount = progress.Current.ReturnsCount && session.Dialect == ZkDialect.Access;
        // Behind it: a result that comes twice, before the next step was even told.
        if (ReturnCodes.IsPending(code, returnsCount) || progress.IsReady)
            return;
        var words = ReturnCodes.Describe(code, session.Dialect);
        var succeeded = returnsCount ? code >= 0 : code == 0;
        if ((succeeded || progress.Current.MayFail) && session.Progress.Advance(id, progress))
            return;
        if (progress.Command.KeepsContent && !content.IsEmpty)
            words += " " + ZkText.Clean(content.Span, session.Encoding, MaxContentLength);
        await EndAsync(session, id, succeeded || progress.Current.MayFail, words, cancellationToken);
        if (succeeded && progress.Command.SetsClock)
            await ClockWasSetAsync(session, cancellationToken);
    }

    private async Task EndAsync(ZkSession session, long id, bool succeeded, string words, CancellationToken cancellationToken)
    {
        if (await services.Commands.EndAsync(session.Device.Id, id, succeeded, words, cancellationToken))
            counts.CountResult();
        session.Progress.End(id);
    }

    private async Task<ZkCommand?> FindAsync(ZkSession session, long id, CancellationToken cancellationToken)
    {
        var row = await services.Commands.FindAsync(session.Device.Id, id, cancellationToken);
        return row is { EndedAt: null } && ZkCommandReader.Read(row, session.Dialect, ContextOf(session)) is { Fault: null } command ? command : null;
    }

    private ZkCommandContext ContextOf(ZkSession session) => new(session.Device, session.Clock, services.Time.GetUtcNow(), services.Keys);

    /// <summary>
    /// A terminal's offset is a number that it was told: after a change to or from daylight saving time it keeps the old one until it is told another. And a clock that runs away is set back.
    /// </summary>
    private async Task QueueClockAsync(ZkSession session, CancellationToken cancellationToken)
    {
        if (!services.Options.SetClock)
            return;
        var now = services.Time.GetUtcNow();
        var minutes = (int)session.Clock.OffsetAt(now).TotalMinutes;
        // The attendance dialect learns it at the handshake, which it has not made yet where there is none.
        var isStale = session.State.OffsetMinutes is { } given ? given != minutes : session.Dialect == ZkDialect.Access;
        var isWrong = session.ClockAhead?.Duration() > LargestDrift && (session.ClockMendedAt is not { } mended || now - mended > ClockLifetime);
        if (!(isStale && session.ClockQueuedFor != minutes) && !isWrong)
            return;
        session.ClockQueuedFor = minutes;
        session.ClockMendedAt = now;
        session.ClockAhead = null;
        await services.Commands.AddAsync(session.Device.Id, CommandKinds.TimeSync, new object(), ClockLifetime, cancellationToken);
    }

    private async Task ClockWasSetAsync(ZkSession session, CancellationToken cancellationToken)
    {
        var now = services.Time.GetUtcNow();
        var minutes = (int)session.Clock.OffsetAt(now).TotalMinutes;
        session.ClockQueuedFor = null;
        await session.ChangeAsync(state => state with { OffsetMinutes = minutes, OffsetGivenAt = now }, cancellationToken);
    }
}
