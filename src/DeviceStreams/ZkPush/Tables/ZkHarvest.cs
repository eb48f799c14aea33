using MediaScore.DeviceStreams.Access;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>What was read from some lines and is not stored yet. A long body is read and stored a harvest at a time.</summary>
internal sealed class ZkHarvest
{
    // Half of what the journal stores in one transaction: somebody at another door waits for less.
    private const int MaxEvents = 1_000;

    private const int MaxPictureBytes = 4 << 20;

    private int _pictureBytes;

    public List<DeviceEventRow> Events { get; private set; } = [];

    public List<TerminalPerson> People { get; } = [];

    public List<(string PersonNumber, byte[] Jpeg)> Faces { get; } = [];

    /// <summary>Events that get the name of their picture once that is stored.</summary>
    public List<(DeviceEventRow Event, ReadOnlyMemory<byte> Jpeg)> Photos { get; } = [];

    /// <summary>The last state of doors that was read; null: none.</summary>
    public string? DoorState { get; set; }

    /// <summary>How far the terminal's clock is ahead of ours; null: nothing says so.</summary>
    public TimeSpan? ClockAhead { get; set; }

    /// <summary>Since the body's beginning.</summary>
    public int UnreadableCount { get; set; }

    /// <summary>Since the body's beginning: read, of no use here, forgotten.</summary>
    public int ForgottenCount { get; set; }

    public bool IsFull => Events.Count + People.Count + Faces.Count + Photos.Count >= MaxEvents || _pictureBytes >= MaxPictureBytes;

    public void AddFace(string personNumber, byte[] jpeg)
    {
        Faces.Add((personNumber, jpeg));
        _pictureBytes += jpeg.Length;
    }

    public void AddPhoto(DeviceEventRow happened, ReadOnlyMemory<byte> jpeg)
    {
        Photos.Add((happened, jpeg));
        _pictureBytes += jpeg.Length;
    }

    /// <summary>Hands over the events: the journal owns them from now on.</summary>
    public List<DeviceEventRow> TakeEvents()
    {
        var events = Events;
        Events = [];
        return events;
    }

    /// <summary>The rest was stored.</summary>
    public void Clear()
    {
        People.Clear();
        Faces.Clear();
        Photos.Clear();
        _pictureBytes = 0;
    }
}
