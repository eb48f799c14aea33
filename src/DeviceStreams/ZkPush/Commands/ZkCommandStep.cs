namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <param name="Text">Behind <c>C:ID:</c>, without a line end.</param>
/// <param name="MayFail">The rest is told all the same: there was nothing to delete.</param>
internal readonly record struct ZkCommandStep(string Text, bool MayFail = false)
{
    /// <summary>The security dialect answers these with a number of records, where others have 0.</summary>
    public bool ReturnsCount => Text.StartsWith("DATA QUERY", StringComparison.Ordinal) || Text.StartsWith("DATA COUNT", StringComparison.Ordinal);
}
