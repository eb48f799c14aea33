namespace MediaScore.MediaServer.Api.Live;

/// <summary>One interview on the live page; the data of the event <c>interviews</c> of <c>GET /console/live/events</c> is a list of these (docs/formats/candidate-api.md).</summary>
/// <param name="Plan">Its id.</param>
/// <param name="Reference">The caller's own reference to the candidate; may be empty.</param>
/// <param name="State"><c>running</c> or <c>finishing</c>.</param>
/// <param name="Connected">Media can come now.</param>
/// <param name="Transport"><c>webrtc</c> or <c>grpc</c>; null while nothing is connected.</param>
/// <param name="Stage">Id of the stage whose answer is open, or null.</param>
/// <param name="LevelDbfs">Of the sound just heard, -90 to 0; null where there is none.</param>
/// <param name="Caption">The last words that were understood, or null.</param>
/// <param name="Warnings">Kinds raised in the last half minute.</param>
/// <param name="LossPercent">Of the packets of the last second; null where the transport does not lose any.</param>
internal sealed record LiveInterviewLine(
    string Id, string Plan, string Reference, string State, bool Connected, string? Transport, string? Stage, string? Question, double? LevelDbfs, string? Caption,
    IReadOnlyList<string> Warnings, long SafeMs, double? LossPercent);
