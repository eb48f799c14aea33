namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Of <see cref="ZkCommandKinds.User"/>.</summary>
/// <param name="Privilege">0 user, 2 registrar, 6 administrator, 14 super administrator.</param>
/// <param name="Card">Decimal; empty: none.</param>
/// <param name="Doors">Security dialect: doors that this person may open, a bit each, the first lowest; 0: none, and then every door stays shut.</param>
/// <param name="TimeZoneId">Security dialect: the period in which; 1 is the whole day.</param>
public sealed record ZkUserArguments(
    string PersonNumber, string Name = "", int Privilege = 0, string Card = "", int Group = 1, int Doors = 1, int TimeZoneId = 1, DateOnly? From = null, DateOnly? Until = null);

/// <summary>Of <see cref="ZkCommandKinds.Photo"/>.</summary>
/// <param name="Sealed">Base64 (of URLs: JSON makes six characters of a plus sign) of the JPEG (48,000 bytes at most), sealed with the tenant's key for <c>picture/terminal/NUMBER</c>: <c>ZkPhotoSeal</c> makes it.</param>
public sealed record ZkPhotoArguments(string PersonNumber, string Sealed);

/// <summary>Of <see cref="ZkCommandKinds.Options"/>.</summary>
public sealed record ZkOptionsArguments(IReadOnlyDictionary<string, string> Values);

/// <summary>Of <see cref="ZkCommandKinds.ReadOptions"/>.</summary>
public sealed record ZkReadOptionsArguments(IReadOnlyList<string> Keys);

/// <summary>Of <see cref="ZkCommandKinds.Query"/>.</summary>
/// <param name="What"><c>people</c>, <c>faces</c>, or <c>count</c> (security dialect: people).</param>
public sealed record ZkQueryArguments(string What, string? PersonNumber = null);

/// <summary>Of <see cref="ZkCommandKinds.Clear"/>.</summary>
/// <param name="What"><c>log</c>, <c>photos</c>, or <c>all</c>.</param>
/// <param name="Confirmed">Must be true: what the terminal has not sent yet is lost.</param>
public sealed record ZkClearArguments(string What, bool Confirmed = false);

/// <summary>Of <c>CommandKinds.OpenDoor</c>.</summary>
/// <param name="Door">1 for the first.</param>
public sealed record ZkOpenDoorArguments(int Seconds = 3, int Door = 1);
