namespace MediaScore.MediaServer.Sessions;

/// <summary>A place that is given to an interview which the registry does not show yet. Dispose it when the registry does, or when nothing came of it.</summary>
internal sealed class PlaceReservation(Action release) : IDisposable
{
    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
