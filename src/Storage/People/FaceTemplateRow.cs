namespace MediaScore.Storage.People;

/// <summary>One face of one person as a model's embedding. Biometric data: sealed with the tenant's key, gone with the consent.</summary>
public sealed class FaceTemplateRow
{
    public required string Id { get; set; }

    public required string PersonId { get; set; }

    public required string Tenant { get; set; }

    /// <summary>Of the embedder: templates of different models cannot be compared.</summary>
    public required string ModelId { get; set; }

    public required string ModelVersion { get; set; }

    /// <summary>512 little-endian floats of unit length, sealed; bound to this row's id, person and model.</summary>
    public required byte[] Sealed { get; set; }

    /// <summary>0 to 1; what the face was worth when it was enrolled.</summary>
    public double Quality { get; set; }

    /// <summary><c>photo</c>, <c>import</c>, <c>webcam</c> or <c>device:ID</c>.</summary>
    public required string Source { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
