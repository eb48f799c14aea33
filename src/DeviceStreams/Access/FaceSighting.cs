using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Access;

/// <summary>What one frame shows.</summary>
/// <param name="Face">The largest; null without one.</param>
/// <param name="Worth">What it is worth for recognising, 0 to 1.</param>
/// <param name="Fault">For the person at the door where it is worth too little: "too dark"; empty otherwise.</param>
internal sealed record FaceSighting(int FaceCount, DetectedFace? Face, double Worth, string Fault);
