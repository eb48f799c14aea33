namespace MediaScore.Storage.People;

/// <summary>A template without what it is worth protecting for.</summary>
public sealed record TemplateHead(string Id, string PersonId, string ModelId, string ModelVersion);

/// <summary>Everybody, and which templates there are.</summary>
/// <param name="Revision">What is below is at least as new as this.</param>
public sealed record PeopleSnapshot(long Revision, IReadOnlyList<PersonRow> People, IReadOnlyList<TemplateHead> Templates);
