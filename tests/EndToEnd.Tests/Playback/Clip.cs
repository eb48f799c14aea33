namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>A file for browsers, and what is in it.</summary>
/// <param name="Name">Part of its address.</param>
internal sealed record Clip(string Name, string ContentType, byte[] Bytes)
{
    /// <summary>Of the media.</summary>
    public required double Seconds { get; init; }

    /// <summary>More than <see cref="Seconds"/> where nothing came at the end of the range; a header may tell either.</summary>
    public required double AskedSeconds { get; init; }

    /// <summary>Packets.</summary>
    public required int SoundCount { get; init; }

    public required int PictureCount { get; init; }

    /// <summary>Whether the file breaks off. Its header still tells the whole length.</summary>
    public bool IsCut { get; private init; }

    /// <summary>The file up to this byte, as a broken download leaves it.</summary>
    public Clip Cut(string name, int length) => this with { Name = name, Bytes = Bytes[..length], IsCut = true };
}
