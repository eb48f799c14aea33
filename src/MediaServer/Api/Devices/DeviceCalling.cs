namespace MediaScore.MediaServer.Api.Devices;

/// <summary>How the server is doing with a device that it calls (docs/formats/console-api.md).</summary>
/// <param name="Phase"><c>connecting</c>, <c>streaming</c>, <c>log-only</c>, <c>waiting</c>, <c>stopped</c>.</param>
/// <param name="Words">What is the matter and what to do, in English; empty where all is well.</param>
/// <param name="RetryAt">When it is tried again by itself; null where it is not, or need not be.</param>
internal sealed record DeviceCalling(string Phase, string Words, DateTimeOffset Since, DateTimeOffset? RetryAt);
