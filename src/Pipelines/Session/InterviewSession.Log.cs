using Microsoft.Extensions.Logging;

namespace MediaScore.Pipelines.Session;

public sealed partial class InterviewSession
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} opened: {EntryCount} entries and {ObservationCount} observations recovered")]
    private partial void LogOpened(string interviewId, long entryCount, int observationCount);

    [LoggerMessage(Level = LogLevel.Error, Message = "Interview {InterviewId} cannot go on; what was acknowledged is on disk")]
    private partial void LogFailed(string interviewId, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection change of interview {InterviewId} could not be written to its timeline")]
    private partial void LogConnectionNotNoted(string interviewId, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "A model failed or was too busy during interview {InterviewId}; what it did not answer of {Tracks} is asked again from the recording")]
    private partial void LogAskingAgain(string interviewId, MissedTracks tracks);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} is heard again by {Model}")]
    private partial void LogRefining(string interviewId, string model);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Interview {InterviewId} cannot be heard again ({Reason}); what was heard live stands")]
    private partial void LogNotRefined(string interviewId, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} reads from its recording: the analysis is at entry {Next} of {AppendedCount}")]
    private partial void LogCatchingUp(string interviewId, long next, long appendedCount);
}
