using MediaScore.Benchmarks.Faces.Matching;

namespace MediaScore.Benchmarks.Faces.Report;

/// <summary>What an enrolment would say of the photos of one subset.</summary>
/// <param name="Refused">Of the photos in which a face was found: worth less than an enrolment wants.</param>
/// <param name="Faults">Of the refused ones: how many for which reason.</param>
internal sealed record QualityRow(string Subset, Rate Refused, IReadOnlyDictionary<string, int> Faults)
{
    public static QualityRow Of(string subset, IEnumerable<FaceReading> readings, double leastWorth)
    {
        var qualities = readings.Where(reading => reading.Photo.Subset == subset && reading.Quality is not null).Select(reading => reading.Quality.GetValueOrDefault()).ToList();
        var refused = qualities.Where(quality => quality.Worth < leastWorth).ToList();
        return new QualityRow(
            subset, new Rate(refused.Count, qualities.Count), refused.GroupBy(quality => quality.Describe()).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count()));
    }
}
