namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>What player.js saw while a browser played a clip.</summary>
internal sealed record PlayedClip
{
    /// <summary>"ended"; else "error", "limit", or why the browser refused.</summary>
    public required string How { get; init; }

    /// <summary>The element's error, code and words.</summary>
    public string? Error { get; init; }

    /// <summary>Seconds. Null where the browser has no end for it (JSON knows no infinity).</summary>
    public double? Duration { get; init; }

    /// <summary>Seconds.</summary>
    public required double CurrentTime { get; init; }

    /// <summary>Of the picture that is shown at the end.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>All sizes that were shown, in order.</summary>
    public required IReadOnlyList<string> Sizes { get; init; }

    /// <summary>Pictures of which the page was told that they were shown.</summary>
    public required int Presented { get; init; }

    public required int Decoded { get; init; }

    public required int Dropped { get; init; }

    /// <summary>Sound that went through the decoder.</summary>
    public long? SoundBytes { get; init; }

    /// <summary>The loudest sample seen; 1 is full scale.</summary>
    public required double Peak { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }
}
