namespace MediaScore.Web.Candidate;

/// <summary>What the candidate's page says before its script has asked for the interview's state.</summary>
public sealed record CandidatePageModel
{
    /// <summary>Language of the page's own words.</summary>
    public required string Language { get; init; }

    /// <summary>The plan's title, by language.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>What the answers are rated on.</summary>
    public required IReadOnlyList<AssessedCompetency> Competencies { get; init; }

    /// <summary>The most that delivery (pauses, fillers, pace) may count in any rating, in percent; 0 where the plan does not count it.</summary>
    public required int DeliveryPercent { get; init; }

    /// <summary>Whom to ask and what for, as the server's owner wrote it; empty where they wrote nothing.</summary>
    public string Contact { get; init; } = "";
}

/// <summary>One competency, by language.</summary>
public sealed record AssessedCompetency(IReadOnlyDictionary<string, string> Name, IReadOnlyDictionary<string, string> Definition);
