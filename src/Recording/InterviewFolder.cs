namespace MediaScore.Recording;

/// <summary>The files of one interview: <c>ROOT/ID/…</c>. Knows names only; opens nothing.</summary>
public sealed record InterviewFolder
{
    /// <param name="root">Folder of all interviews.</param>
    /// <param name="interviewId">1 to 64 characters of <c>[A-Za-z0-9_-]</c>, so that it can't lead out of <paramref name="root"/>.</param>
    public InterviewFolder(string root, string interviewId)
    {
        if (!IsValidId(interviewId))
            throw new ArgumentException($"'{interviewId}' is not an interview id: 1 to 64 characters of A-Z a-z 0-9 _ -.", nameof(interviewId));
        Root = root;
        InterviewId = interviewId;
    }

    public string Root { get; }

    public string InterviewId { get; }

    public string FullPath => Path.Combine(Root, InterviewId);

    /// <summary>The encrypted media log (docs/formats/recording.md).</summary>
    public string RecordingPath => Path.Combine(FullPath, "recording.msrec");

    /// <summary>The encrypted observations (docs/formats/timeline.md).</summary>
    public string TimelinePath => Path.Combine(FullPath, "timeline.mstl");

    /// <summary>The plan's YAML as it was at creation. Not personal, not encrypted.</summary>
    public string PlanPath => Path.Combine(FullPath, "plan.yaml");

    /// <summary>The report's JSON, encrypted (<see cref="SealedFile"/>).</summary>
    public string ReportPath => Path.Combine(FullPath, "report.json.sealed");

    public static bool IsValidId(string? interviewId) =>
        interviewId is { Length: >= 1 and <= 64 } && interviewId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Every interview below <paramref name="root"/>, in ordinal order of id.</summary>
    public static IReadOnlyList<InterviewFolder> List(string root) => !Directory.Exists(root)
        ? []
        : [.. Directory.EnumerateDirectories(root).Select(Path.GetFileName).Where(IsValidId).Order(StringComparer.Ordinal).Select(id => new InterviewFolder(root, id!))];
}
