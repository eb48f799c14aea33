namespace MediaScore.Storage.Devices;

/// <param name="Stored">Those that were new, with their ids, in the order in which they were given.</param>
/// <param name="DuplicateCount">Those that were there already.</param>
public sealed record AppendedEvents(IReadOnlyList<DeviceEventRow> Stored, int DuplicateCount);
