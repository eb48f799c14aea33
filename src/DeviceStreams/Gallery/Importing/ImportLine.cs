namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>What became of a row.</summary>
public enum ImportOutcome
{
    /// <summary>A face was enrolled.</summary>
    Enrolled,

    /// <summary>The person, a name or a consent was stored; there was no photo to enrol.</summary>
    Stored,

    /// <summary>All of it was there already.</summary>
    Unchanged,

    /// <summary>No consent that stands: known by number only, and the photo was not opened.</summary>
    NoConsent,

    /// <summary>The photo cannot be enrolled.</summary>
    Refused,

    /// <summary>The row cannot be used.</summary>
    BadRow,
}

/// <summary>What became of one row of a table.</summary>
/// <param name="Code">How the enrolment ended; null where none was tried.</param>
/// <param name="Reason">For a person; empty where all went well.</param>
/// <param name="OperatorNote">See <see cref="EnrolmentResult.OperatorNote"/>.</param>
public sealed record ImportLine(int Line, string Number, ImportOutcome Outcome, EnrolmentCode? Code, string Reason, string OperatorNote);
