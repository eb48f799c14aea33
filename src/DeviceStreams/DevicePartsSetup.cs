using MediaScore.DeviceStreams.Gallery;
using MediaScore.Keys;
using MediaScore.Perception.Vision;
using MediaScore.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams;

/// <summary>What <see cref="DeviceParts"/> are made of. All of it stays the host's, who disposes it after them.</summary>
public sealed record DevicePartsSetup
{
    public required DeviceOptions Options { get; init; }

    public required GalleryOptions Gallery { get; init; }

    public required IDbContextFactory<MediaScoreDbContext> Contexts { get; init; }

    public required TenantKeys Keys { get; init; }

    /// <summary>Null where face models are missing: devices work all the same, and nobody is recognised.</summary>
    public FaceAnalyzer? Faces { get; init; }

    /// <summary>Why there are none, with the command that mends it.</summary>
    public string? WhyNoFaces { get; init; }

    /// <summary>Whose templates can be compared; null while that model is missing. Asked every few seconds, and answered without loading anything.</summary>
    public required Func<ModelIdentity?> Embedder { get; init; }

    /// <summary>Folder of the pictures that come with events.</summary>
    public required string PicturesFolder { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }
}
