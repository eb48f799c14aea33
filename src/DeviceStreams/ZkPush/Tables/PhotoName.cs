using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>What the name of a photo says: <c>YYYYMMDDHHMMSS[-PIN][.jpg]</c>, of terminals for identity cards <c>time-type-PIN-card.jpg</c>.</summary>
/// <param name="TakenAt">By the terminal's clock; null where the name says none.</param>
/// <param name="PersonNumber">Null: nobody was recognised.</param>
internal readonly record struct PhotoName(DateTime? TakenAt, string? PersonNumber)
{
    private const int TimeLength = 14;

    public static PhotoName Parse(string fileName)
    {
        var name = fileName.Trim();
        var slash = name.LastIndexOfAny(['/', '\\']);
        if (slash >= 0)
            name = name[(slash + 1)..];
        if (name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase))
            name = name[..^4];
        if (name.Length < TimeLength || !ZkTime.TryParseCompact(name.AsSpan(0, TimeLength), out var taken))
            return new PhotoName(null, name.Length > 0 ? name : null);
        if (name.Length == TimeLength)
            return new PhotoName(taken, null);
        if (name[TimeLength] != '-')
            return new PhotoName(null, null);
        var rest = name[(TimeLength + 1)..];
        var parts = rest.Split('-');
        // Three parts are a type of one digit, the PIN, and the card's number.
        var person = parts is [[>= '0' and <= '4'], var pin, _] ? pin : rest;
        return new PhotoName(taken, person.Length > 0 ? person : null);
    }
}
