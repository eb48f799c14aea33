namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>What pictures are sent as.</summary>
internal enum PictureCodec
{
    Vp8,
    H264,
    Jpeg,
}
