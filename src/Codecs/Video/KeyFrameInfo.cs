namespace MediaScore.Codecs.Video;

/// <summary>What the bitstream itself says of one payload.</summary>
/// <param name="IsKeyFrame">It can be decoded on its own.</param>
/// <param name="Width">Pixels; 0 where it is no key frame.</param>
public readonly record struct KeyFrameInfo(bool IsKeyFrame, int Width, int Height);
