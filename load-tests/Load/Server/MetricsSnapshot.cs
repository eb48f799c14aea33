using System.Globalization;
using MediaScore.Load.Results;

namespace MediaScore.Load.Server;

/// <summary>One answer of <c>/metrics</c> (Prometheus' text format), as far as it is of use here.</summary>
internal sealed class MetricsSnapshot
{
    // The rest (per-route HTTP figures) is most of the text and none of the report.
    private static readonly string[] Wanted = ["mediascore_", "dotnet_gc_", "dotnet_jit_"];

    private static readonly string[] HistogramOrCounter = ["_total", "_bucket", "_sum", "_count"];

    private readonly Dictionary<string, List<MetricSample>> _samples = new(StringComparer.Ordinal);

    public static MetricsSnapshot Empty { get; } = new();

    public static MetricsSnapshot Parse(string text)
    {
        var snapshot = new MetricsSnapshot();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            foreach (var prefix in Wanted)
            {
                if (line.StartsWith(prefix, StringComparison.Ordinal) && TryParse(line) is { } sample)
                    snapshot.Add(sample);
            }
        }

        return snapshot;
    }

    /// <summary>Sum over all series of a name that carry these labels.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) => Of(name).Where(s => s.Has(labels)).Sum(s => s.Value);

    /// <summary>Values of one label, in the order of the text.</summary>
    public IEnumerable<string> Values(string name, string label) => Of(name).Select(s => s.Label(label)).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Our own counters by name and labels, <c>mediascore_interviews_refused{reason="PoolSaturated"}</c>.</summary>
    public IEnumerable<KeyValuePair<string, double>> Counters() => Own(name => name.EndsWith("_total", StringComparison.Ordinal));

    /// <summary>Our own values of the moment.</summary>
    public IEnumerable<KeyValuePair<string, double>> Gauges() => Own(name => !HistogramOrCounter.Any(end => name.EndsWith(end, StringComparison.Ordinal)));

    /// <summary>A histogram's buckets, summed over all of its series with these labels and without <paramref name="unless"/>.</summary>
    public BucketCounts Buckets(string name, (string Label, string Value) label, (string Label, string Value)? unless = null)
    {
        var sums = new SortedDictionary<double, long>();
        foreach (var sample in Of(name + "_bucket").Where(s => s.Has(label) && (unless is not { } other || !s.Has(other))))
        {
            var bound = sample.Label("le") is "+Inf" or null ? double.PositiveInfinity : double.Parse(sample.Label("le")!, CultureInfo.InvariantCulture);
            sums[bound] = sums.GetValueOrDefault(bound) + (long)sample.Value;
        }

        if (sums.Count == 0)
            return BucketCounts.None;
        long before = 0;
        var counts = new List<long>(sums.Count);
        foreach (var cumulative in sums.Values)
        {
            counts.Add(cumulative - before);
            before = cumulative;
        }

        return new BucketCounts([.. sums.Keys.Where(double.IsFinite)], counts);
    }

    private IEnumerable<KeyValuePair<string, double>> Own(Func<string, bool> wanted) => _samples
        .Where(s => s.Key.StartsWith("mediascore_", StringComparison.Ordinal) && wanted(s.Key))
        .SelectMany(s => s.Value)
        .Select(s => KeyValuePair.Create(s.Named, s.Value));

    private List<MetricSample> Of(string name) => _samples.TryGetValue(name, out var samples) ? samples : [];

    private void Add(MetricSample sample)
    {
        if (!_samples.TryGetValue(sample.Name, out var samples))
            _samples[sample.Name] = samples = [];
        samples.Add(sample);
    }

    private static MetricSample? TryParse(ReadOnlySpan<char> line)
    {
        var open = line.IndexOf('{');
        var close = line.LastIndexOf('}');
        var nameEnd = open >= 0 ? open : line.IndexOf(' ');
        if (nameEnd <= 0 || close < open)
            return null;
        // A time may follow the value.
        var value = line[(open >= 0 ? close + 1 : nameEnd)..].Trim();
        var space = value.IndexOf(' ');
        if (!double.TryParse(space > 0 ? value[..space] : value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        return new MetricSample(line[..nameEnd].ToString(), open >= 0 ? line[(open + 1)..close].ToString() : string.Empty, number);
    }

    /// <param name="Labels">As in the text: <c>model="silero-vad",le="5"</c>. Our own label values hold no quotes.</param>
    private sealed record MetricSample(string Name, string Labels, double Value)
    {
        public bool Has(params (string Label, string Value)[] labels) => labels.All(l => string.Equals(Label(l.Label), l.Value, StringComparison.Ordinal));

        /// <summary>Without the label that only says which meter it was.</summary>
        public string Named
        {
            get
            {
                var labels = string.Join(',', Labels.Split(',').Where(l => l.Length > 0 && !l.StartsWith("otel_scope_name=", StringComparison.Ordinal)));
                var name = Name.EndsWith("_total", StringComparison.Ordinal) ? Name[..^"_total".Length] : Name;
                return labels.Length > 0 ? $"{name}{{{labels}}}" : name;
            }
        }

        public string? Label(string name)
        {
            for (var from = 0; from < Labels.Length;)
            {
                var equals = Labels.IndexOf("=\"", from, StringComparison.Ordinal);
                if (equals < 0)
                    return null;
                var end = Labels.IndexOf('"', equals + 2);
                if (end < 0)
                    return null;
                if (Labels.AsSpan(from, equals - from).SequenceEqual(name))
                    return Labels[(equals + 2)..end];
                from = end + 2;
            }

            return null;
        }
    }
}
