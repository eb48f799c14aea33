using Microsoft.Net.Http.Headers;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>What <c>If-Match</c> says of a WHIP session's ICE generation (RFC 9725, 4.3.1; RFC 9110, 13.1.1).</summary>
internal enum Precondition
{
    /// <summary>428.</summary>
    Missing,

    /// <summary>412.</summary>
    Failed,

    /// <summary>The current tag was named.</summary>
    Matches,

    /// <summary><c>*</c>: whatever the generation is, an ICE restart.</summary>
    Any,
}

/// <summary>The strong entity tag that names one ICE session of one WHIP session.</summary>
internal static class EntityTags
{
    public static string Of(string resourceId, int iceGeneration) => $"\"{resourceId[..Math.Min(8, resourceId.Length)]}.{iceGeneration}\"";

    public static Precondition Judge(IList<string?> ifMatch, string current)
    {
        if (ifMatch.Count == 0)
            return Precondition.Missing;
        if (!EntityTagHeaderValue.TryParseList([.. ifMatch.OfType<string>()], out var tags))
            return Precondition.Failed;
        foreach (var tag in tags)
        {
            if (tag.Equals(EntityTagHeaderValue.Any))
                return Precondition.Any;
            // Strong comparison: a weak tag never matches.
            if (!tag.IsWeak && tag.Tag.Equals(current, StringComparison.Ordinal))
                return Precondition.Matches;
        }

        return Precondition.Failed;
    }
}
