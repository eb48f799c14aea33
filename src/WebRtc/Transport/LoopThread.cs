using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using MediaScore.WebRtc.Ice;
using Microsoft.Extensions.Logging;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// The thread that owns all sessions. A round: what other threads want, what TCP brought, what the UDP socket has, whose deadline is over; then it sleeps until a datagram, a wish or the next
/// deadline. When much comes it sleeps five milliseconds first, so that one round takes many datagrams.
/// </summary>
internal sealed partial class LoopThread : IDatagramSink, IDatagramTaker
{
    // A round's share for the socket, so that deadlines are kept in a flood too: 512 datagrams are 2 ms.
    private const int MaxDatagramsPerRound = 512;

    private const int MaxTcpPerRound = 64;

    // From this rate on a round takes ten datagrams or more after a pause; below it, each comes at once.
    private const int BusyDatagramsPerSecond = 2000;

    // 200 wake-ups a second instead of one a packet. It delays what we answer by 2.5 ms on average; when a packet came is known from the kernel.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    // A wake-up that gets lost (nothing says that it can) is made up for.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    // A deadline that stays in the past is asked again, but not at once.
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan PublishPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    private readonly RtcUdpSocket _udp;
    private readonly IceTcpListener? _tcp;
    private readonly LoopClock _clock;
    private readonly WebRtcMeter _meter;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<LoopSession> _requests = new(); // A session is in it once at most, so it is as long as there are sessions.
    private readonly SessionRoutes _routes;
    private readonly DeadlineQueue<LoopSession> _deadlines = new();
    private readonly LoopSession?[] _expected = new LoopSession?[DatagramBatch.Capacity];
    private readonly int[] _byState = new int[Enum.GetValues<RtcState>().Length];
    private readonly object _pause = new(); // Monitor's Wait needs an object, not a Lock.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _late = new();
    private readonly Thread _thread;
    private int _reserved;
    private int _sleeping;
    private volatile bool _stopping;
    private long _datagrams;
    private long _bytes;
    private long _unknown;
    private long _authenticationFailures;
    private long _reportedFailures;
    private long _reportedDrops;
    private Instant _reportAt;
    private Instant _rateFrom;
    private long _rateCount;
    private bool _busy;
    private Instant _now;
    private Instant _readAt;
    private long _touched;

    public LoopThread(RtcUdpSocket udp, IceTcpListener? tcp, LoopClock clock, WebRtcMeter meter, ILogger logger)
    {
        _udp = udp;
        _tcp = tcp;
        _clock = clock;
        _meter = meter;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "webrtc" };
        _routes = new SessionRoutes(address => _tcp?.Authenticated(address), address => _tcp?.Close(address));
    }

    /// <summary>Completes with the thread; who comes afterwards is closed at once.</summary>
    public Task Ended => _ended.Task;

    public void Start() => _thread.Start();

    public async Task StopAsync()
    {
        _stopping = true;
        Wake();
        await _ended.Task;
        _thread.Join();
    }

    /// <summary>Takes a place for a session that will be registered.</summary>
    public bool TryReserve(int limit)
    {
        if (Interlocked.Increment(ref _reserved) <= limit)
            return true;
        GiveBack();
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _reserved);

    /// <summary>From any thread.</summary>
    public void Post(LoopSession session, LoopRequests request)
    {
        if (!session.Ask(request))
            return;
        _requests.Enqueue(session);
        if (_ended.Task.IsCompleted)
            CloseLate();
        else
            Wake();
    }

    /// <summary>From any thread. Costs a system call only when the loop sleeps.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) != 0)
            _udp.Wake();
    }

    public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        if (to.Transport == TransportKind.Udp)
            _udp.Send(datagram, to);
        else
            _tcp?.Send(datagram, to);
    }

    public RtcLoopStatistics Snapshot()
    {
        var byState = new Dictionary<RtcState, int>();
        for (var state = RtcState.New; state < RtcState.Closed; state++)
            byState[state] = Volatile.Read(ref _byState[(int)state]);
        return new RtcLoopStatistics
        {
            DatagramCount = Volatile.Read(ref _datagrams),
            ByteCount = Volatile.Read(ref _bytes),
            UnknownCount = Volatile.Read(ref _unknown),
            SendFailureCount = _udp.SendFailureCount,
            SessionCount = Volatile.Read(ref _reserved),
            SessionsByState = byState,
        };
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                TakeRequests();
                TakeTcp();
                var taken = TakeUdp();
                KeepDeadlines();
                if (taken < MaxDatagramsPerRound)
                    Sleep(taken);
            }
        }
#pragma warning disable CA1031 // Nobody else could tell; a thread's exception would end the process without a word.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogLoopFault(exception);
        }

        CloseAll();
        _ended.SetResult();

        // Who posted in between did not see the end.
        CloseLate();
    }

    private void CloseLate()
    {
        lock (_late)
            CloseAll();
    }

    private void Sleep(int taken)
    {
        var now = _clock.Now;
        UpdateRate(now, taken);
        if (_busy)
        {
            lock (_pause)
                Monitor.Wait(_pause, Pause);
            return;
        }

        Volatile.Write(ref _sleeping, 1);
        Interlocked.MemoryBarrier();

        // Who posts after this sees that we sleep; who posted before it is seen here.
        if (_requests.IsEmpty && _tcp?.Inbound.TryPeek(out _) != true && !_stopping)
        {
            var limit = _deadlines.Next == Instant.Never ? LongestSleep : _deadlines.Next - now;
            if (limit > TimeSpan.Zero)
                _udp.Wait(limit < LongestSleep ? limit : LongestSleep);
        }

        Volatile.Write(ref _sleeping, 0);
    }

    private void UpdateRate(Instant now, int taken)
    {
        _rateCount += taken;
        if (now - _rateFrom < TimeSpan.FromMilliseconds(100))
            return;
        _busy = _rateCount >= BusyDatagramsPerSecond * (now - _rateFrom).TotalSeconds;
        (_rateFrom, _rateCount) = (now, 0);
    }

    private int TakeUdp()
    {
        var count = 0;
        int batch;
        do
        {
            _readAt = _clock.Now;
            batch = _udp.Receive(this);
            count += batch;
        }
        while (batch == DatagramBatch.Capacity && count < MaxDatagramsPerRound);
        return count;
    }

    private void TakeTcp()
    {
        if (_tcp is null)
            return;
        _readAt = _clock.Now;
        for (var i = 0; i < MaxTcpPerRound && _tcp.Inbound.TryRead(out var datagram); i++)
        {
            if (datagram.Buffer is null)
            {
                if (_routes.Find(datagram.From) is { } session)
                {
                    try
                    {
                        session.Session.Forget(datagram.From);
                    }
#pragma warning disable CA1031 // One failing session never harms another.
                    catch (Exception exception)
#pragma warning restore CA1031
                    {
                        Fault(session, exception, _readAt);
                    }

                    AfterWork(session, _readAt);
                }

                continue;
            }

            Take(-1, datagram.Buffer.AsSpan(0, datagram.Length), datagram.From, TimeSpan.Zero);
            ArrayPool<byte>.Shared.Return(datagram.Buffer);
        }
    }

    /// <summary>On this thread, from the socket: whose it will be, and its memory.</summary>
    public void Expect(int place, ReadOnlySpan<byte> datagram, in RemoteAddress from)
    {
        // Media only: a check may come from anywhere, and there are few.
        var session = datagram.Length >= 12 && datagram[0] >> 6 == 2 ? _routes.Find(from) : null;
        _expected[place] = session;
        if (session is null)
            return;
        try
        {
            _touched += session.HeapIndex + session.Session.Touch(BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]));
        }
#pragma warning disable CA1031 // One failing session never harms another.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var now = Instant.Max(_now, _readAt);
            Fault(session, exception, now);
            AfterWork(session, now);
        }
    }

    /// <summary>On this thread, from the socket.</summary>
    public void Take(int place, Span<byte> datagram, in RemoteAddress from, TimeSpan age)
    {
        _datagrams++;
        _bytes += datagram.Length;
        var isStun = datagram[0] < 4;

        // Meanwhile another datagram of the batch may have ended it. A place that is not used for a while keeps no session that is over.
        var expected = place >= 0 ? _expected[place] : null;
        if (place >= 0)
            _expected[place] = null;
        var session = expected is { IsRemoved: false } ? expected : Find(datagram, from, isStun);
        if (session is null)
        {
            _unknown++;
            return;
        }

        // The core's time does not run backwards: what came before a session's last deadline came with it.
        var now = _now = Instant.Max(_now, _readAt - age);
        try
        {
            session.Session.Receive(datagram, from, now);
        }
#pragma warning disable CA1031 // One failing session never harms another.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fault(session, exception, now);
        }

        AfterWork(session, now, isStun);
        if (isStun && !session.IsRemoved && session.Session.Ice.WasChecked(from, now))
            _routes.Claim(session, from, now);
    }

    // A check says itself whose it is. It alone can come from an unknown address.
    private LoopSession? Find(ReadOnlySpan<byte> datagram, in RemoteAddress from, bool isStun)
    {
        if (isStun && IceLiteAgent.TryReadUserFragment(datagram, out var fragment))
            return _routes.Find(fragment);
        return _routes.Find(from);
    }

    private void KeepDeadlines()
    {
        var now = _now = _clock.Now;
        while (_deadlines.TryPeekDue(now, out var session))
        {
            try
            {
                session.Session.Advance(now);
            }
#pragma warning disable CA1031 // One failing session never harms another.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fault(session, exception, now);
            }

            AfterWork(session, now);
        }

        if (now >= _reportAt)
            Report(now);
    }
}
