using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Access;

/// <summary>One picture of a terminal.</summary>
/// <param name="Id">The terminal's own number.</param>
/// <param name="Picture">Stays its owner's until the gate has looked.</param>
/// <param name="ArrivedAt">By the server's clock: what the deadline counts from.</param>
/// <param name="Deadline">How long the person at the door waits.</param>
internal readonly record struct FaceFrame(ulong Id, RgbPicture Picture, DateTimeOffset ArrivedAt, TimeSpan Deadline);
