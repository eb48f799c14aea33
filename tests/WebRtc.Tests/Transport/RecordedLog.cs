using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>What was logged, and a log that fails when a test wants it to.</summary>
internal sealed class RecordedLog : ILogger, ILoggerFactory
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _awaited = "";

    /// <summary>So many lines more fail.</summary>
    public int FailuresLeft { get; set; }

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Completes with a line that has this text; one text a log.</summary>
    public Task Said(string text)
    {
        Volatile.Write(ref _awaited, text);
        Look();
        return _said.Task;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue(formatter(state, exception));
        Look();
        if (FailuresLeft == 0)
            return;
        FailuresLeft--;
        throw new IOException("disk full");
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private void Look()
    {
        if (Volatile.Read(ref _awaited) is { Length: > 0 } awaited && Lines.Any(line => line.Contains(awaited, StringComparison.Ordinal)))
            _said.TrySetResult();
    }
}
