namespace MediaScore.Pipelines.Session;

/// <summary>The interview's key was destroyed; nothing of it can be read or gone on with.</summary>
public sealed class InterviewErasedException(string interviewId) : Exception($"Interview {interviewId} was erased.");
