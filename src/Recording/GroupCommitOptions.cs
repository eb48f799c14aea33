using System.ComponentModel.DataAnnotations;

namespace MediaScore.Recording;

/// <summary>How often logs are flushed to disk. Section <c>GroupCommit</c>.</summary>
public sealed class GroupCommitOptions
{
    /// <summary>Least time between the starts of two rounds of flushes, in milliseconds. Default 10.</summary>
    // A record must be durable within 50 ms: this wait, and a round of a few disk flushes. While one round runs, the next gathers by itself.
    [Range(0, 50)] public int SpacingMs { get; set; } = 10;

    /// <summary>Longest time that media may stay unflushed when nobody asks, in milliseconds. Default 800.</summary>
    // Media is promised once a second; the check runs each 200 ms.
    [Range(200, 1000)] public int LongestUnflushedMs { get; set; } = 800;

    /// <summary>Files flushed at a time in one round. Default 8.</summary>
    // ext4 and xfs let flushes that run together share one journal commit, so a round of 100 files costs about as much as 13.
    [Range(1, 64)] public int Parallelism { get; set; } = 8;
}
