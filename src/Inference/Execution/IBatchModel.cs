namespace MediaScore.Inference;

/// <summary>A loaded model that runs batches. Called from several workers at once.</summary>
internal interface IBatchModel : IDisposable
{
    /// <summary>
    /// Runs rows of equal shape as one batch and writes each good row's outputs and state. A row that came out wrong gets its <see cref="BatchRow.Failure"/>;
    /// what fails the whole batch is thrown, and then no row has been touched. Nothing is written before <see cref="BatchRow.TryWrite"/> of the first row allows it.
    /// </summary>
    void Run(ReadOnlySpan<BatchRow> rows);
}
