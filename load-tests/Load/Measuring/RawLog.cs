using System.Text;
using HdrHistogram;

namespace MediaScore.Load.Measuring;

/// <summary><c>latency.hlog</c>: each second's latencies of each kind, in HdrHistogram's own log format (microseconds), so that anybody can look at them again. What was
/// due in the measured window has the kind's name as its tag, what was due before or after it the same with "-outside".</summary>
internal sealed class RawLog : IDisposable
{
    public const string FileName = "latency.hlog";

    private readonly FileStream _file;
    private readonly Stream _text;
    private readonly HistogramLogWriter _writer;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly long _began;

    public RawLog(string folder, TimeProvider time)
    {
        _time = time;
        _began = Now();
        _file = File.Create(Path.Combine(folder, FileName));
        // The library writes UTF-16 with a mark, and programs for this format read bytes of ASCII: the mark has no place in it and is left out.
        var ascii = Encoding.GetEncoding("us-ascii", new EncoderReplacementFallback(string.Empty), DecoderFallback.ExceptionFallback);
        _text = Encoding.CreateTranscodingStream(_file, ascii, Encoding.Unicode);
        _writer = new HistogramLogWriter(_text);
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

    /// <summary>The same of both, and both together. The log owns them afterwards.</summary>
    public HistogramBase Append(string kind, (LongHistogram Inside, LongHistogram Outside) values)
    {
        Append(kind, values.Inside);
        Append(kind + "-outside", values.Outside);
        values.Inside.Add(values.Outside);
        return values.Inside;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _text.Dispose();
        _file.Dispose();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
