namespace MediaScore.Storage.People;

/// <summary>How storing a template ended.</summary>
public enum AddedTemplate
{
    Stored,

    /// <summary>Nobody with that id, or no consent that stands: nothing was stored.</summary>
    NoConsent,

    /// <summary>Something changed since the caller looked: look again. Nothing was stored.</summary>
    Outdated,
}
