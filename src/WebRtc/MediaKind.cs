namespace MediaScore.WebRtc;

public enum MediaKind : byte { Audio, Video }

/// <summary>Codecs that are answered. Everything else that is offered is left out of the answer.</summary>
public enum RtpCodec : byte { Opus, Vp8, H264 }
