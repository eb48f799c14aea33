namespace MediaScore.DeviceStreams.Gallery;

/// <summary>How storing somebody ended.</summary>
public enum StoredPerson { Added, Renamed, Unchanged }
