using System.Collections.Frozen;
using System.Text.Json;
using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>The words for warnings on pages: <c>too-quiet</c>, <c>packets-lost</c>.</summary>
internal static class WarningWords
{
    private static readonly FrozenDictionary<WarningKind, string> Warnings = Words<WarningKind>();
    private static readonly FrozenDictionary<SessionNotice, string> Notices = Words<SessionNotice>();

    public static string Of(WarningKind kind) => Warnings[kind];

    public static string Of(SessionNotice notice) => Notices[notice];

    private static FrozenDictionary<TEnum, string> Words<TEnum>()
        where TEnum : struct, Enum => Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));
}
