namespace MediaScore.Storage.People;

/// <summary>Somebody whom doors may know.</summary>
public sealed class PersonRow
{
    /// <summary>1 to 64 characters of <c>[A-Za-z0-9_-]</c>, made here.</summary>
    public required string Id { get; set; }

    public required string Tenant { get; set; }

    /// <summary>The employer's number, what terminals call PIN; 1 to 32 characters of <c>[A-Za-z0-9_.-]</c>, unique in a tenant.</summary>
    public required string Number { get; set; }

    /// <summary>The name, UTF-8, sealed with the tenant's key.</summary>
    public required byte[] SealedName { get; set; }

    /// <summary>May not pass any door: left, suspended.</summary>
    public bool IsBlocked { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Consent to be recognised by the face; null: none, and then there is no template either.</summary>
    public DateTimeOffset? ConsentGivenAt { get; set; }

    /// <summary>How it was given, at most 256 characters: "paper, file 12", "terminal LOBBY-1".</summary>
    public string ConsentSource { get; set; } = "";

    /// <summary>When it was last withdrawn; the templates went with it.</summary>
    public DateTimeOffset? ConsentWithdrawnAt { get; set; }
}
