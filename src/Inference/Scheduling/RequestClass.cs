namespace MediaScore.Inference;

/// <summary>What a request is for; a lower value is served first when classes compete for the same worker.</summary>
public enum RequestClass
{
    /// <summary>Sound of a running interview.</summary>
    Live,

    /// <summary>A person waits at a door.</summary>
    Terminal,

    /// <summary>Sampled pictures: may be dropped under load.</summary>
    Sampled,

    /// <summary>Can catch up from the recording.</summary>
    Deferred,
}
