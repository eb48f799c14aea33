using System.ComponentModel.DataAnnotations;

namespace MediaScore.Pipelines.Video;

/// <summary>Which key frames are looked at. Section <c>Pipelines:Video</c>.</summary>
/// <remarks>Frames are chosen by media time: the first key frame at or after each point of a grid. Load has no say.</remarks>
public sealed class VideoPipelineOptions
{
    /// <summary>Grid of picture quality, in seconds. Default 2.</summary>
    // The pace at which the server asks for key frames.
    [Range(1, 60)] public int PictureEverySeconds { get; set; } = 2;

    /// <summary>Grid of the face models, in seconds. Default 5.</summary>
    // Twelve looks a minute: a share of "looks at the camera" is then good to about ten points over an answer of two minutes, at a hundredth of the cost of every frame.
    [Range(1, 60)] public int FacesEverySeconds { get; set; } = 5;

    /// <summary>Pictures are scaled down to this width, in pixels. Default 640.</summary>
    // A face of a tenth of the width keeps the 64 pixels that face models use.
    [Range(160, 1920)] public int DecodedWidth { get; set; } = 640;

    /// <summary>Chosen key frames that may wait before the writer waits. Default 8.</summary>
    // 40 s of face samples: a busy pool catches up, and 8 frames of at most 512 KiB are 4 MiB.
    [Range(1, 256)] public int QueuedFrames { get; set; } = 8;
}
