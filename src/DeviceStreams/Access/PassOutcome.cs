using MediaScore.DeviceStreams.Gallery;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Access;

/// <summary>How one pass was decided.</summary>
/// <param name="Match">The best of the gallery; null where nobody came near, or nothing could be compared.</param>
/// <param name="LiveProbability">Weighted mean of the frames that were checked; null where none was.</param>
/// <param name="Reason">For a log and for the person: what was missing.</param>
internal sealed record PassOutcome(DeviceEventOutcome Outcome, GalleryMatch? Match, double? LiveProbability, string Reason);
