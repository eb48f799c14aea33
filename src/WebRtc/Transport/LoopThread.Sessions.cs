using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Transport;

/// <summary>The life of the sessions on the thread: registered, asked, published, removed.</summary>
internal sealed partial class LoopThread
{
    private void TakeRequests()
    {
        while (_requests.TryDequeue(out var session))
        {
            var now = _now = _clock.Now;
            var wanted = session.TakeRequests();
            if (session.IsRemoved)
            {
                session.TakeRestart()?.Answer.TrySetResult(new IceRestartResult(IceRestartRefusal.Closed, null));
                continue;
            }

            if (wanted.HasFlag(LoopRequests.Register))
                Count(session, RtcState.New, +1);
            try
            {
                Answer(session, wanted, now);
            }
#pragma warning disable CA1031 // One failing session never harms another.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fault(session, exception, now);
            }

            AfterWork(session, now);
        }
    }

    private void Answer(LoopSession session, LoopRequests wanted, Instant now)
    {
        if (wanted.HasFlag(LoopRequests.Dtls))
            session.Session.AdvanceDtls(now);
        if (wanted.HasFlag(LoopRequests.KeyFrame))
            session.Session.RequestKeyFrame(now);
        if (wanted.HasFlag(LoopRequests.Restart) && session.TakeRestart() is { } restart)
            restart.Answer.TrySetResult(RestartIce(session, restart.Remote));

        if (wanted.HasFlag(LoopRequests.Close))
            session.Session.Close(session.CloseReason, now);
    }

    private IceRestartResult RestartIce(LoopSession session, IceCredentials remote)
    {
        var local = IceCredentialsFactory.Create();
        session.Session.Ice.Restart(local, remote);
        session.RemoteIce = remote;
        session.Connection.CountRestart();
        return new IceRestartResult(IceRestartRefusal.None, IceFragment.Write(session.Negotiated, local, _candidates.Current));
    }

    /// <summary>After anything was done with a session: its routes, its deadline, what is told of it, and its end.</summary>
    /// <param name="routesMayChange">Only checks and time change where a session is reached.</param>
    private void AfterWork(LoopSession session, Instant now, bool routesMayChange = true)
    {
        if (session.IsRemoved)
            return;
        var state = session.Session.State;
        if (state != session.CountedState)
            Changed(session, state, now);
        if (state == RtcState.Closed)
        {
            Remove(session);
            return;
        }

        if (routesMayChange)
            _routes.Update(session);
        if (now >= session.PublishAt)
            Publish(session, now);
        _deadlines.Set(session, Instant.Max(now + ShortestDeadline, Instant.Min(session.Session.NextDeadline, session.PublishAt)));
    }

    private void Changed(LoopSession session, RtcState state, Instant now)
    {
        var before = session.CountedState;
        Count(session, before, -1);
        if (state != RtcState.Closed)
            Count(session, state, +1);
        Publish(session, now);
        switch (state)
        {
            case RtcState.Connected when before is RtcState.New or RtcState.Connecting:
                var after = now - session.CreatedAt;
                _meter.Connected(after);
                LogConnected(session.Connection.Id, session.Published.Transport, session.Published.SrtpProfile, (int)after.TotalMilliseconds);
                break;
            case RtcState.Disconnected:
                LogDisconnected(session.Connection.Id);
                break;
        }
    }

    private void Publish(LoopSession session, Instant now)
    {
        var statistics = session.Session.Snapshot();
        _meter.Add(session.Published, statistics);
        _authenticationFailures += statistics.AuthenticationFailureCount - session.Published.AuthenticationFailureCount;
        session.Published = session.Connection.Statistics = statistics;
        session.PublishAt = now + PublishPeriod;
    }

    private void Remove(LoopSession session)
    {
        session.IsRemoved = true;
        _deadlines.Remove(session);
        _routes.Remove(session);
        GiveBack();
        var last = session.Published;
        _meter.Closed(session.Session.Reason);
        LogClosed(session.Connection.Id, session.Session.Reason, last.DatagramCount, last.Audio?.FrameCount ?? 0, last.Video?.FrameCount ?? 0, last.Audio?.LostCount ?? 0, last.Video?.LostCount ?? 0, last.AuthenticationFailureCount);

        // A WHIP resource may keep the handle for long.
        session.Session = null!;
    }

    private void Count(LoopSession session, RtcState state, int change)
    {
        Interlocked.Add(ref _byState[(int)state], change);
        if (change > 0)
            session.CountedState = state;
    }

    private void Fault(LoopSession session, Exception exception, Instant now)
    {
        LogSessionFault(session.Connection.Id, exception);
        try
        {
            session.Session.Close(CloseReason.Fault, now);
        }
#pragma warning disable CA1031 // It is closed by now, whatever its parts say.
        catch (Exception again)
#pragma warning restore CA1031
        {
            LogSessionFault(session.Connection.Id, again);
        }
    }

    private void Report(Instant now)
    {
        _reportAt = now + ReportPeriod;
        if (_authenticationFailures > _reportedFailures)
            LogAuthenticationFailures(_authenticationFailures - _reportedFailures);
        _reportedFailures = _authenticationFailures;
        var drops = KernelDrops.Read(_udp.Local.Port) ?? 0;
        if (drops > _reportedDrops)
            LogKernelDrops(drops - _reportedDrops);
        _reportedDrops = drops;
    }

    private void CloseAll()
    {
        var now = _clock.Now;
        TakeRequests();
        while (_deadlines.TryPeekDue(Instant.Never, out var session))
        {
            session.SetCloseReason(CloseReason.Stopping);
            try
            {
                session.Session.Close(session.CloseReason, now);
            }
#pragma warning disable CA1031 // One failing session never harms another.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogSessionFault(session.Connection.Id, exception);
            }

            AfterWork(session, now);
            _deadlines.Remove(session);
        }
    }
}
