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
                session.RefuseRestart();
                continue;
            }

            if (wanted.HasFlag(LoopRequests.Register))
                Interlocked.Increment(ref _byState[(int)RtcState.New]);
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

    private static void Answer(LoopSession session, LoopRequests wanted, Instant now)
    {
        if (wanted.HasFlag(LoopRequests.Dtls))
            session.Session.AdvanceDtls(now);
        if (wanted.HasFlag(LoopRequests.KeyFrame))
            session.Session.RequestKeyFrame(now);
        if (wanted.HasFlag(LoopRequests.Restart) && session.Session.State != RtcState.Closed && session.TakeRestart() is { } restart)
            RestartIce(session, restart);
        if (wanted.HasFlag(LoopRequests.Close))
            session.Session.Close(session.CloseReason, now);
    }

    private static void RestartIce(LoopSession session, IceRestart restart)
    {
        try
        {
            var local = IceCredentialsFactory.Create();
            session.Session.Ice.Restart(local, restart.Remote);
            session.RemoteIce = restart.Remote;
            session.Connection.CountRestart();
            restart.Answer.TrySetResult(new IceRestartResult(IceRestartRefusal.None, IceFragment.Write(session.Negotiated, local, restart.Candidates)));
        }
        finally
        {
            // Whoever waits is answered, whatever went wrong.
            restart.Answer.TrySetResult(new IceRestartResult(IceRestartRefusal.Closed, null));
        }
    }

    /// <summary>After anything was done with a session: its routes, its deadline, what is told of it, and its end.</summary>
    /// <param name="routesMayChange">Only checks and time change where a session is reached.</param>
    private void AfterWork(LoopSession session, Instant now, bool routesMayChange = true)
    {
        if (session.IsRemoved)
            return;
        try
        {
            KeepUp(session, now, routesMayChange);
        }
#pragma warning disable CA1031 // A log or a metric's listener that fails ends this session and no other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fault(session, exception, now);
            if (session.IsRemoved)
                return;
            Count(session, RtcState.Closed);
            Forget(session);
        }
    }

    private void KeepUp(LoopSession session, Instant now, bool routesMayChange)
    {
        var state = session.Session.State;
        if (state != session.CountedState)
            Changed(session, state, now);
        if (state == RtcState.Closed)
        {
            Remove(session);
            return;
        }

        if (routesMayChange)
            _routes.Update(session, now);
        if (now >= session.PublishAt)
            Publish(session, now);
        _deadlines.Set(session, Instant.Max(now + ShortestDeadline, Instant.Min(session.Session.NextDeadline, session.PublishAt)));
    }

    private void Changed(LoopSession session, RtcState state, Instant now)
    {
        var before = session.CountedState;
        Count(session, state);
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
        var (reason, last) = (session.Session.Reason, session.Published);
        Forget(session);
        _meter.Closed(reason);
        LogClosed(session.Connection.Id, reason, last.DatagramCount, last.Audio?.FrameCount ?? 0, last.Video?.FrameCount ?? 0, last.Audio?.LostCount ?? 0, last.Video?.LostCount ?? 0, last.AuthenticationFailureCount);
    }

    private void Forget(LoopSession session)
    {
        session.IsRemoved = true;
        _deadlines.Remove(session);
        _routes.Remove(session);
        GiveBack();
        session.RefuseRestart();

        // A WHIP resource may keep the handle for long.
        session.Session = null!;
    }

    /// <summary>Moves it from the state that it was counted in; nobody counts closed ones.</summary>
    private void Count(LoopSession session, RtcState state)
    {
        if (session.CountedState != RtcState.Closed)
            Interlocked.Decrement(ref _byState[(int)session.CountedState]);
        if (state != RtcState.Closed)
            Interlocked.Increment(ref _byState[(int)state]);
        session.CountedState = state;
    }

    private void Fault(LoopSession session, Exception exception, Instant now)
    {
        TryLogFault(session, exception);
        try
        {
            session.Session?.Close(CloseReason.Fault, now);
        }
#pragma warning disable CA1031 // It is closed by now, whatever its parts and its owner say.
        catch (Exception again)
#pragma warning restore CA1031
        {
            TryLogFault(session, again);
        }
    }

    private void TryLogFault(LoopSession session, Exception exception)
    {
        try
        {
            LogSessionFault(session.Connection.Id, exception);
        }
#pragma warning disable CA1031 // A log that fails is no reason to end everybody's session.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody to tell.
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
                TryLogFault(session, exception);
            }

            AfterWork(session, now);
            _deadlines.Remove(session);
        }
    }
}
