namespace MediaScore.Assessment.Reports;

/// <summary>How a report's page meets its server.</summary>
public sealed record ReportHtmlOptions
{
    /// <summary>Where a clip can be played, with <c>{startMs}</c> and <c>{endMs}</c>: <c>clips/{startMs}-{endMs}.webm</c>. Null: the page shows times, no players.</summary>
    public string? ClipUrlTemplate { get; init; }

    /// <summary>Nonce of the style sheet for <c>Content-Security-Policy: style-src 'nonce-…'</c>; null where the page is a file. The page has no script.</summary>
    public string? StyleNonce { get; init; }

    /// <summary>Where the same report is as JSON; null: no link.</summary>
    public string? JsonUrl { get; init; }
}
