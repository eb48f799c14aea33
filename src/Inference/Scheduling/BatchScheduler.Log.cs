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
}
