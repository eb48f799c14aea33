using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

internal sealed partial class InterviewConductor
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} created: plan {PlanId}, policy {PolicyProfile}, permitted {Permitted}")]
    private partial void LogCreated(string interviewId, string planId, string policyProfile, Modality permitted);

    [LoggerMessage(Level = LogLevel.Information, Message = "The candidate of interview {InterviewId} has said what is consented to; permitted {Permitted}")]
    private partial void LogConsentSettled(string interviewId, Modality permitted);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} unfinished interviews of an earlier process are taken up again")]
    private partial void LogRecovering(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} has no connection for too long and is ended with what it has")]
    private partial void LogIdle(string interviewId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} has its report: {MediaSeconds} s of media")]
    private partial void LogReportReady(string interviewId, double mediaSeconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Interview {InterviewId} broke down (fault {FaultCount}); other interviews go on")]
    private partial void LogFault(string interviewId, int faultCount, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Interview {InterviewId} stands still, as the database or the disk does not answer; it is tried again in {Wait}")]
    private partial void LogOutage(string interviewId, TimeSpan wait, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} was erased and ends with that")]
    private partial void LogErased(string interviewId);

    [LoggerMessage(Level = LogLevel.Error, Message = "What became of interview {InterviewId} could not be stored; it is tried again")]
    private partial void LogNotSettled(string interviewId, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Interview {InterviewId} could not be closed in good order; it goes on from what is on disk")]
    private partial void LogNotClosed(string interviewId, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Told to stop: nobody new is taken, and interviews that run may go on for {Limit}. A second signal ends this at once")]
    private partial void LogDraining(TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping now with {Count} interviews that are not at their end; they go on in the next process")]
    private partial void LogDrained(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The plan of interview {InterviewId} cannot be read")]
    private partial void LogPlanGone(string interviewId, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Interview {InterviewId} belongs to another process: {Reason}")]
    private partial void LogOwnedElsewhere(string interviewId, string reason);
}
