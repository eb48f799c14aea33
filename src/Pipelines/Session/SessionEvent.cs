using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>What a session tells its connection.</summary>
public abstract record SessionEvent;

/// <summary>Everything before <paramref name="Durable"/> survives a power cut.</summary>
/// <param name="Positions">For each track the first sequence number that is not durable.</param>
public sealed record Acknowledged(MediaTime Durable, IReadOnlyList<ResumePosition> Positions) : SessionEvent;

/// <summary>First sequence number of a track that the session does not hold durably.</summary>
public readonly record struct ResumePosition(TrackKind Track, ulong NextSequence);

/// <summary>An utterance was recognised; its record is durable. Each one once: what a larger recogniser makes of it after the interview is no caption.</summary>
public sealed record CaptionHeard(MediaRange Range, string Text, string Language) : SessionEvent;

/// <summary>Something the candidate can mend now.</summary>
public sealed record WarningRaised(MediaRange Range, WarningKind Warning) : SessionEvent;

/// <summary>Something about the transport or about consent that the front-end should know.</summary>
public sealed record NoticeRaised(MediaRange Range, SessionNotice Notice, string Message) : SessionEvent;

/// <summary>Kinds of <see cref="NoticeRaised"/>.</summary>
public enum SessionNotice { ClockJumped, PacketsLost, Undecodable, NotPermitted, NotAnalysed }

/// <summary>An answer began or ended.</summary>
/// <param name="TimeLeft">Left for this answer when it began; zero without a limit.</param>
public sealed record StageChanged(string StageId, string QuestionId, int Attempt, bool Active, TimeSpan TimeLeft) : SessionEvent;

/// <summary>Work after the end of the interview.</summary>
/// <param name="Step"><c>final pass</c> or <c>text</c>; the host adds <c>scoring</c> and <c>report</c>.</param>
/// <param name="Share">0 to 1.</param>
public sealed record ProgressMade(string Step, double Share) : SessionEvent;
