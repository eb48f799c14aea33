namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>Whom the server knows, by the number that a device names. Thread-safe.</summary>
public interface IDoorPeople
{
    /// <returns>Null where nobody has this number.</returns>
    ValueTask<DoorPerson?> FindAsync(string tenant, string number, CancellationToken cancellationToken);
}
