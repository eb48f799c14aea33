using MediaScore.DeviceStreams.Gallery;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Access;

/// <summary>What a terminal is told about one pass. Durable before anybody sees it.</summary>
/// <param name="FrameId">The frame that decided; 0 where time did.</param>
/// <param name="OpenFor">Zero: the door stays closed.</param>
/// <param name="Latency">From the arrival of the deciding frame to the decision on the disk.</param>
internal sealed record PassDecision(
    ulong PassId, ulong FrameId, DeviceEventOutcome Outcome, GalleryMatch? Match, double? LiveProbability, string Reason, TimeSpan OpenFor, TimeSpan Latency);
