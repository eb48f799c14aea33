namespace MediaScore.DeviceStreams.Gallery;

/// <param name="Similarity">Cosine of the best template of this person, -1 to 1; exact.</param>
public sealed record GalleryMatch(KnownPerson Person, string TemplateId, float Similarity);
