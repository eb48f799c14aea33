using Microsoft.Extensions.Logging;

namespace MediaScore.Inference;

internal sealed partial class BatchScheduler
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Model {Model} loaded from {Path}, largest batch {MaxBatch}")]
    private partial void LogLoaded(string model, string path, int maxBatch);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Slot of {Owner} in model {Model} was idle for {Minutes} minutes and is taken back: its owner did not dispose it")]
    private partial void LogSlotReaped(string model, string owner, int minutes);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Slot of {Owner} in model {Model} was still open when the pool ended")]
    private partial void LogSlotLeaked(string model, string owner);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "A step of continuous batch {Name} threw; it is not asked again before the next signal")]
    internal partial void LogStepFailed(Exception exception, string name);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "A batch of {RowCount} rows of model {Model} had {FailedCount} that failed; they are run again alone")]
    internal partial void LogRunAgainAlone(string model, int rowCount, int failedCount);

    [LoggerMessage(EventId = 6, Level = LogLevel.Critical, Message = "A run of model {Model} with {RowCount} rows did not end within {Seconds} s: its requests failed, and another thread does its worker's work")]
    private partial void LogHung(string model, int rowCount, int seconds);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "A run of model {Model} that was given up has come back after {Seconds:F0} s")]
    private partial void LogReturned(string model, double seconds);
}
