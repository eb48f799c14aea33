using MediaScore.Assessment.Plans;
using MediaScore.Assessment.Reports;
using MediaScore.Keys;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Storage;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>Makes, keeps and reads reports. The report's JSON lies beside the timeline, encrypted with the interview's own key.</summary>
internal sealed class InterviewReports(KeyStore keys, string interviewsRoot)
{
    /// <summary>Builds the report from observations alone and writes it durably.</summary>
    /// <exception cref="InterviewErasedException">Its key was destroyed; nothing was written.</exception>
    public async Task WriteAsync(InterviewRow row, StoredPlan plan, IReadOnlyList<Observation> timeline, CancellationToken cancellation)
    {
        using var key = keys.TryGet(row.Id) ?? throw new InterviewErasedException(row.Id);
        var json = ReportJson.Write(Build(row, plan, timeline));
        await SealedFile.WriteAsync(Folder(row.Id).ReportPath, key, json, cancellation);
    }

    public static InterviewReport Build(InterviewRow row, StoredPlan plan, IReadOnlyList<Observation> timeline) =>
        ReportBuilder.Build(plan.Plan, timeline, new ReportMetadata(row.Id, row.CandidateReference, row.Consent, row.CreatedAt, row.EndedAt));

    /// <returns>The report's JSON as it was written, or null where there is none (yet, or any more: its key was destroyed).</returns>
    public async Task<byte[]?> TryReadAsync(string interviewId, CancellationToken cancellation)
    {
        using var key = keys.TryGet(interviewId);
        return key is null ? null : await SealedFile.TryReadAsync(Folder(interviewId).ReportPath, key, cancellation);
    }

    /// <summary>Reads the timeline of a finished or running interview without touching it.</summary>
    /// <returns>Null where its key is gone.</returns>
    public TimelineContent? ReadTimeline(string interviewId)
    {
        using var key = keys.TryGet(interviewId);
        return key is null ? null : TimelineReader.Read(Folder(interviewId).TimelinePath, key);
    }

    /// <summary>The plan as it was at the interview's creation.</summary>
    /// <returns>Null where the interview was erased, or the file is not a plan any more.</returns>
    public async Task<StoredPlan?> TryReadPlanAsync(string interviewId, CancellationToken cancellation)
    {
        var path = Folder(interviewId).PlanPath;
        using var key = keys.TryGet(interviewId);
        if (key is null || !File.Exists(path))
            return null;
        var yaml = await File.ReadAllBytesAsync(path, cancellation);
        return PlanParser.Parse(yaml) is { IsValid: true } result ? new StoredPlan(result.Plan, yaml) : null;
    }

    /// <returns>Null where its key is gone. The caller disposes it.</returns>
    public RecordingReader? OpenRecording(string interviewId)
    {
        using var key = keys.TryGet(interviewId);
        return key is null ? null : RecordingReader.Open(Folder(interviewId).RecordingPath, key);
    }

    /// <summary>Tracks of which anything was recorded. A candidate may ask for it often, so it reads little.</summary>
    public IReadOnlySet<TrackKind> RecordedTracks(string interviewId)
    {
        using var recording = OpenRecording(interviewId);
        return recording?.ReadTracks() ?? new HashSet<TrackKind>();
    }

    public InterviewFolder Folder(string interviewId) => new(interviewsRoot, interviewId);
}
