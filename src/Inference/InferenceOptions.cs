using System.ComponentModel.DataAnnotations;

namespace MediaScore.Inference;

/// <summary>Limits of the shared inference pool. Section <c>Inference</c>.</summary>
public sealed class InferenceOptions
{
    /// <summary>Worker threads. Default 0: one a core, because a model runs on one thread and the decoders and the network need little beside it.</summary>
    [Range(0, 256)] public int WorkerCount { get; set; }

    /// <summary>Longest wait of a <see cref="RequestClass.Live"/> request for its batch, in milliseconds. Default 10.</summary>
    // Captions of 100 interviews come 6 ms sooner at the median than with 20, for 0.2 ms of CPU an interview-second more (docs/decisions/0007-host-settings.md).
    [Range(0, 100)] public int LiveBatchWaitMs { get; set; } = 10;

    /// <summary>Longest wait of a <see cref="RequestClass.Terminal"/> request for its batch, in milliseconds. Default 5.</summary>
    // A person at a door notices 200 ms; four models in a row wait at most a tenth of it.
    [Range(0, 100)] public int TerminalBatchWaitMs { get; set; } = 5;

    /// <summary>Longest wait of a <see cref="RequestClass.Sampled"/> request for its batch, in milliseconds. Default 50.</summary>
    // A picture is looked at every 2 s; nobody sees 50 ms of it.
    [Range(0, 1000)] public int SampledBatchWaitMs { get; set; } = 50;

    /// <summary>Longest wait of a <see cref="RequestClass.Deferred"/> request for its batch, in milliseconds. Default 20.</summary>
    // Nobody waits for it, but a long wait would leave a worker idle that could catch up.
    [Range(0, 1000)] public int DeferredBatchWaitMs { get; set; } = 20;

    /// <summary>Rows that may wait for one model. Default 512. Beyond it <c>Sampled</c> requests are refused and the others' callers wait for a place.</summary>
    // Two rows each of 250 interviews. A row is a reference to the caller's buffer, so the bound is on delay, not on memory.
    [Range(1, 65536)] public int QueueCapacity { get; set; } = 512;

    /// <summary>
    /// A run of a model that has not ended after so many seconds is given up: its requests fail, another thread takes its worker's place, and the server is not
    /// ready while it lasts. Default 30.
    /// </summary>
    // The longest run there is (15 s of sound through the larger encoder) takes 0.2 s; a machine under ten times its load stretches it to a few.
    [Range(1, 3600)] public int RunLimitSeconds { get; set; } = 30;

    /// <summary>While <c>Deferred</c> work is ready, one batch in this many is given to it whatever else waits. Default 16.</summary>
    // Six percent of the pool: a final pass ends some day even on a saturated node, and a live answer is late by one batch at most.
    [Range(2, 1000)] public int DeferredShare { get; set; } = 16;

    /// <summary>Open recurrent slots of one model. Default 4096.</summary>
    // 1 KiB each; ten times the interviews one node can hold, so reaching it means a leak.
    [Range(1, 1_000_000)] public int MaxSlots { get; set; } = 4096;

    /// <summary>A slot without a step for this long is taken back, in minutes, and its owner is logged. Default 120.</summary>
    // Longer than the longest interview: only leaks are idle for so long.
    [Range(1, 10_080)] public int SlotIdleMinutes { get; set; } = 120;
}
