using System.Collections.Concurrent;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>What happens at the simulated door.</summary>
public sealed partial class IsapiDevice
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<bool>> _asked = new();

    /// <summary>Answers that came for no question, or too late.</summary>
    internal int UselessAnswerCount => Volatile.Read(ref _uselessAnswers);

    private int _uselessAnswers;

    /// <summary>Somebody shows a face, and the device itself decides: lock open, who it was, lock closed.</summary>
    internal SimulatedEvent LetIn(SimulatedFace face, string attendanceStatus = "undefined")
    {
        Happen(5, 21, door: 1);
        var entry = Happen(5, 75, face.PersonNumber, picture: face.Jpeg, attendanceStatus: attendanceStatus);
        Happen(5, 22, door: 1);
        return entry;
    }

    /// <summary>One entry of the log.</summary>
    internal SimulatedEvent Happen(
        int major, int sub, string personNumber = "", int door = 0, ReadOnlyMemory<byte> picture = default, string attendanceStatus = "undefined", string remoteCheckResult = "")
    {
        var happened = Log.Add((serial, front) => new SimulatedEvent(serial, front, major, sub, Clock())
        {
            PersonNumber = personNumber,
            Name = personNumber.Length > 0 ? $"Person {personNumber}" : "",
            Door = door,
            Reader = personNumber.Length > 0 ? 1 : 0,
            AttendanceStatus = attendanceStatus,
            RemoteCheckResult = remoteCheckResult,
            Picture = picture,
        });
        Counts.CountSent();
        Push.Post(happened);
        return happened;
    }

    /// <summary>Somebody shows a face, and the device asks who may pass, in the way it is set to.</summary>
    /// <returns><c>success</c>, <c>failed</c> or <c>timeout</c>.</returns>
    internal async Task<string> AskAsync(SimulatedFace face, CancellationToken cancellationToken)
    {
        var dueAt = _time.GetUtcNow();
        var timeout = _settings.RemoteCheckTimeout;
        var answered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var question = Log.Add((serial, front) =>
        {
            _asked[serial] = answered;
            return new SimulatedEvent(serial, front, 5, 75, Clock()) { PersonNumber = face.PersonNumber, Name = $"Person {face.PersonNumber}", Reader = 1, Picture = face.Jpeg, IsQuestion = true };
        }, isLogged: false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_settings.AsksByPost)
            _ = AskByPostAsync(question, answered, over.Token);
        var result = await Task.WhenAny(answered.Task, Task.Delay(timeout, _time, over.Token)) == answered.Task ? await answered.Task ? "success" : "failed" : "timeout";
        _asked.TryRemove(question.Serial, out _);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (result == "success")
            Happen(5, 21, door: 1);
        // Without an answer it lets nobody in.
        Happen(5, result == "success" ? 75 : 76, face.PersonNumber, picture: face.Jpeg, remoteCheckResult: result);
        _decided(new SimulatedDecision(Serial, result, face.PersonNumber, result == "success" ? face.PersonNumber : "", dueAt, _time.GetUtcNow()));
        return result;
    }

    /// <returns>False where nobody asked, or nobody waits any more.</returns>
    internal bool TryAnswer(long serial, bool mayPass)
    {
        if (_asked.TryRemove(serial, out var answered) && answered.TrySetResult(mayPass))
            return true;
        Interlocked.Increment(ref _uselessAnswers);
        return false;
    }

    private async Task AskByPostAsync(SimulatedEvent question, TaskCompletionSource<bool> answered, CancellationToken cancellationToken)
    {
        if (await Push.AskAsync(question, cancellationToken) is { } mayPass)
            answered.TrySetResult(mayPass);
    }

    private async Task WalkByAsync(CancellationToken cancellationToken)
    {
        if (Plan.EventsPerSecond <= 0 || Plan.People.Count == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
            return;
        }

        var period = TimeSpan.FromSeconds(1 / Plan.EventsPerSecond);
        // Not all doors of a site at the same moment.
        var due = _time.GetUtcNow() + (period * _random.NextDouble());
        var storm = _time.GetUtcNow() + NextStorm();
        while (true)
        {
            if (due - _time.GetUtcNow() is { Ticks: > 0 } wait)
                await Task.Delay(wait, _time, cancellationToken);
            due += period;
            var face = Plan.People[_random.Next(Plan.People.Count)];
            if (_settings.Asks)
                await AskAsync(face, cancellationToken);
            else if (face.PersonNumber.Length > 0)
                Happen(5, 75, face.PersonNumber, picture: face.Jpeg);
            else
                Happen(5, 76, picture: face.Jpeg);
            if (Plan.Misbehaviour.HasFlag(Misbehaviour.CutBodies) && _random.Next(16) == 0)
                Stream.CutAfter(_random.Next(1, 2_000));
            if (!Plan.Misbehaviour.HasFlag(Misbehaviour.ReconnectStorms) || _time.GetUtcNow() < storm)
                continue;
            storm = _time.GetUtcNow() + NextStorm();
            Counts.CountReconnect();
            DropConnections();
        }
    }

    private TimeSpan NextStorm() => TimeSpan.FromSeconds(1 + (4 * _random.NextDouble()));

    /// <summary>For those who resend now and then.</summary>
    internal bool Resends() => Plan.Misbehaviour.HasFlag(Misbehaviour.Resends) && _random.Next(8) == 0;
}
