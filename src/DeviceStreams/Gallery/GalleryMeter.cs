using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>What the gallery measures (meter <c>MediaScore.DeviceStreams</c>). No tag names a person.</summary>
internal sealed class GalleryMeter : IDisposable
{
    // From a thousand templates in the second cache (10 us) to a million that wait for memory.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1] };

    private static readonly InstrumentAdvice<int> Counts = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000] };

    private readonly Meter _meter;

    /// <param name="owner">The gallery: what tells its instruments from another's of the same name.</param>
    public GalleryMeter(object owner, Func<GalleryContent> content)
    {
        _meter = DeviceMeter.Of(owner);
        SearchTime = _meter.CreateHistogram<double>("mediascore.gallery.search.time", "s", "One search of one face among all templates of a tenant.", advice: Seconds);
        ExactCount = _meter.CreateHistogram<int>("mediascore.gallery.search.exact", "{template}", "Templates that a search had to compare exactly.", advice: Counts);
        Enrolments = _meter.CreateCounter<long>("mediascore.gallery.enrolments", "{enrolment}", "Enrolments that were asked for, by code.");
        _meter.CreateObservableUpDownCounter("mediascore.gallery.people", () => content().PersonCount, "{person}", "People in memory.");
        _meter.CreateObservableUpDownCounter("mediascore.gallery.templates", () => content().TemplateCount, "{template}", "Templates in memory.");
        _meter.CreateObservableUpDownCounter(
            "mediascore.gallery.templates.skipped",
            () =>
            {
                var now = content();
                return new[] { Skipped(now.OtherModelCount, "other-model"), Skipped(now.UnreadableCount, "unreadable"), Skipped(now.NoRoomCount, "no-room") };
            },
            "{template}",
            "Templates of the database that are not in memory, by reason.");
    }

    public Histogram<double> SearchTime { get; }

    public Histogram<int> ExactCount { get; }

    public Counter<long> Enrolments { get; }

    public void Dispose() => _meter.Dispose();

    private static Measurement<int> Skipped(int count, string reason) => new(count, new KeyValuePair<string, object?>("reason", reason));
}
