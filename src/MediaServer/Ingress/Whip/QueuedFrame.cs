using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>A frame on its way from the network thread to the recording; its payload is its own.</summary>
/// <param name="InterviewUs">On the interview's clock.</param>
/// <param name="LostBefore">Frames of its kind that are known to be missing before it, those included that were dropped here.</param>
internal readonly record struct QueuedFrame(MediaKind Kind, RtpCodec Codec, long InterviewUs, bool KeyFrame, long LostBefore, byte[] Payload);
