namespace MediaScore.Perception.Vision;

/// <summary>Which weights said it: the catalog's id and <c>PreparedModel.Version</c>.</summary>
public readonly record struct ModelIdentity(string Id, string Version);
