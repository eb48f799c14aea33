using MediaScore.Peers.Sources;

namespace MediaScore.Load.Speech;

/// <summary>Utterances with pauses between them, coded once and shared by all who speak. It begins again at its end.</summary>
/// <param name="Parts">In order.</param>
internal sealed record SpeechTrack(MediaClip Audio, IReadOnlyList<SpokenPart> Parts)
{
    public static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);

    // An interview begins in the pause before an utterance: nobody is cut off by its beginning.
    private static readonly TimeSpan LeadIn = TimeSpan.FromMilliseconds(600);

    /// <summary>Share of the time in which somebody speaks.</summary>
    public double SpeechRatio => Parts.Sum(part => (part.VoicedEnd - part.VoicedStart).TotalSeconds) / Audio.Duration.TotalSeconds;

    /// <summary>Where in the clip somebody begins whose first utterance is the one of this number. On a packet's edge.</summary>
    public TimeSpan StartBefore(int part)
    {
        var start = Parts[part % Parts.Count].VoicedStart - LeadIn;
        return TimeSpan.FromTicks(Math.Max(0, start.Ticks / PacketTime.Ticks * PacketTime.Ticks));
    }

    /// <summary>The first packet at or after this place, which is where a sender begins.</summary>
    public int UnitAt(TimeSpan place)
    {
        var (low, high) = (0, Audio.Units.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Audio.Units[middle].Time < place)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>What is heard from <paramref name="startAt"/> on, in times from there, without end.</summary>
    public IEnumerable<SpokenPart> From(TimeSpan startAt)
    {
        for (var shift = -Audio.Units[UnitAt(startAt)].Time; ; shift += Audio.Duration)
        {
            foreach (var part in Parts)
            {
                if (part.VoicedStart + shift >= TimeSpan.Zero)
                    yield return part.Shift(shift);
            }
        }
    }
}
