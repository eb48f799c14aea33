using HdrHistogram;

namespace MediaScore.Load.Measuring;

/// <summary><c>latency.hlog</c>: each second's latencies of each kind, in HdrHistogram's own log format (microseconds), so that anybody can look at them again.</summary>
internal sealed class RawLog : IDisposable
{
    public const string FileName = "latency.hlog";

    private readonly FileStream _file;
    private readonly HistogramLogWriter _writer;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly long _began;

    public RawLog(string folder, TimeProvider time)
    {
        _time = time;
        _began = Now();
        _file = File.Create(Path.Combine(folder, FileName));
        _writer = new HistogramLogWriter(_file);
        _writer.Write(time.GetUtcNow().UtcDateTime);
    }

    /// <summary>One second's values; nothing is written where there are none.</summary>
    public void Append(string tag, HistogramBase values)
    {
        var (from, to) = (_since.GetValueOrDefault(tag, _began), Now());
        _since[tag] = to;
        if (values.TotalCount == 0)
            return;
        (values.Tag, values.StartTimeStamp, values.EndTimeStamp) = (tag, from, to);
        _writer.Append(values);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
