namespace MediaScore.Inference.Catalog;

/// <summary>Counts finished models for the events of one preparation. Used by one task at a time.</summary>
internal sealed class PreparationReporter(IProgress<PreparationProgress>? progress, int modelsTotal)
{
    private int _modelsDone;

    public void Report(PreparationStep step, string subject, long bytesDone = 0, long bytesTotal = 0) =>
        progress?.Report(new PreparationProgress(step, subject, bytesDone, bytesTotal, _modelsDone, modelsTotal));

    /// <summary>The model is done with, well or not.</summary>
    public void Finish(PreparationStep step, string modelId)
    {
        _modelsDone++;
        Report(step, modelId);
    }
}
