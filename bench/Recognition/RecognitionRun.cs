namespace MediaScore.Benchmarks.Recognition;

/// <summary>What one pass over all sounds gave.</summary>
/// <param name="Texts">In the order of the sounds.</param>
/// <param name="DecoderTime">Everything after the encoder; all of it where a recogniser has no encoder.</param>
/// <param name="Steps">0 where a recogniser does not go in steps.</param>
internal sealed record RecognitionRun(IReadOnlyList<string> Texts, TimeSpan EncoderTime, TimeSpan DecoderTime, int Steps)
{
    public TimeSpan Time => EncoderTime + DecoderTime;

    /// <summary>The cheapest of several passes: what else the machine did makes a pass dearer, never cheaper.</summary>
    public static async Task<RecognitionRun> BestOfAsync(int passes, Func<Task<RecognitionRun>> pass)
    {
        var best = await pass();
        for (var i = 1; i < passes; i++)
        {
            var next = await pass();
            best = next with
            {
                EncoderTime = next.EncoderTime < best.EncoderTime ? next.EncoderTime : best.EncoderTime,
                DecoderTime = next.DecoderTime < best.DecoderTime ? next.DecoderTime : best.DecoderTime,
            };
        }

        return best;
    }
}
