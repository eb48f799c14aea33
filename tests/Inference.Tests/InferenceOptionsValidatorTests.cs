namespace MediaScore.Inference.Tests;

public sealed class InferenceOptionsValidatorTests
{
    [Fact]
    public void The_defaults_are_valid() =>
        new InferenceOptionsValidator().Validate(null, new InferenceOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void All_errors_are_told_at_once_with_name_and_bound()
    {
        var result = new InferenceOptionsValidator().Validate(null, new InferenceOptions { WorkerCount = -1, LiveBatchWaitMs = 500, QueueCapacity = 0 });

        result.Failures!.Count().ShouldBe(3);
        var message = string.Join('\n', result.Failures!);
        message.ShouldContain("WorkerCount");
        message.ShouldContain("LiveBatchWaitMs must be between 0 and 100");
        message.ShouldContain("QueueCapacity must be between 1 and 65536");
    }
}
