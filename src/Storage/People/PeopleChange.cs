namespace MediaScore.Storage.People;

/// <summary>What became of somebody.</summary>
public enum PeopleChangeKind
{
    /// <summary>Stored, renamed, blocked or not, or consent was given.</summary>
    Set,

    TemplateAdded,

    TemplateErased,

    /// <summary>Consent was withdrawn, and all templates went with it.</summary>
    ConsentWithdrawn,

    /// <summary>Gone, templates and all.</summary>
    Removed,
}

/// <summary>Something about people that is on the disk now.</summary>
/// <param name="Revision">The database's count of such changes, this one included.</param>
/// <param name="Person">As it is now; as it was, where it is removed.</param>
/// <param name="Template">The one that was added or erased; else null.</param>
public sealed record PeopleChange(PeopleChangeKind Kind, long Revision, PersonRow Person, FaceTemplateRow? Template = null);
