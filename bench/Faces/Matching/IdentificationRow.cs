namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Identification (1:N) in one gallery. All rates are of the probes: the photos that were not enrolled and have a face.</summary>
/// <param name="Templates">Photos of a person that were enrolled.</param>
/// <param name="Lost">Photos without a face to compare: neither enrolled nor looked for.</param>
/// <param name="NearestIsRight">The nearest template is its person's, however far.</param>
/// <param name="Recognised">And near enough.</param>
/// <param name="Mistaken">Another's is nearest, and near enough.</param>
/// <param name="StrangersTaken">The same faces with their own person left out of the gallery: taken for somebody all the same.</param>
internal sealed record IdentificationRow(
    string Gallery, int People, int Templates, double Threshold, int Lost, Rate NearestIsRight, Rate Recognised, Rate Mistaken, Rate StrangersTaken);
