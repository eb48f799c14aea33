using MediaScore.WebRtc.Dtls;

namespace MediaScore.WebRtc.Transport;

/// <summary>The certificate for the next answer: a new one when the last is too old. Thread-safe.</summary>
internal sealed class DtlsIdentityRotation(TimeProvider time, TimeSpan lifetime)
{
    private readonly Lock _lock = new();
    private DtlsIdentity _current = DtlsIdentity.Create(time.GetUtcNow());

    public DtlsIdentity Current
    {
        get
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();

                // A clock that was set back makes one as well.
                if (now - _current.MadeAt is var age && (age > lifetime || age < TimeSpan.Zero))
                    _current = DtlsIdentity.Create(now);
                return _current;
            }
        }
    }
}
