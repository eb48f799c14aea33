using System.Buffers;
using Google.Protobuf;
using MediaScore.TestMedia;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Onnx;

namespace MediaScore.Inference.Tests.Execution;

public sealed class AutoregressiveDecoderTests
{
    private static readonly Lazy<float[]> OneSecond = new(() => PreparedMoonshine.Encode(SyntheticSound.Babble(seed: 7, seconds: 1)));

    [Fact]
    public async Task A_sequence_stops_at_its_token_limit_and_says_so()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2, endless: true);

        var answer = local.Start(OneSecond.Value, tokenLimit: 1);
        local.Drain();

        (await answer).HitTokenLimit.ShouldBeTrue();
        (await answer).Tokens.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_sequence_that_ends_by_itself_has_one_log_probability_more_than_tokens()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2);

        var answer = (await local.DecodeAllAsync([OneSecond.Value]))[0];

        answer.HitTokenLimit.ShouldBeFalse();
        answer.LogProbabilities.Count.ShouldBe(answer.Tokens.Count + 1);
        answer.LogProbabilities.ShouldAllBe(logProbability => logProbability <= 0 && float.IsFinite(logProbability));
    }

    [Fact]
    public async Task Whoever_waits_when_a_step_is_given_up_fails_and_who_comes_later_is_answered()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2);
        var before = local.Start(OneSecond.Value);

        local.Decoder.GiveUp(new InferenceFailedException("decoder", "hangs"));
        await Should.ThrowAsync<InferenceFailedException>(before);

        (await local.DecodeAllAsync([OneSecond.Value]))[0].HitTokenLimit.ShouldBeFalse();
    }

    [Fact]
    public async Task Sequences_given_up_are_neither_decoded_on_nor_are_their_states_read()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 1, endless: true);
        var active = local.Start(OneSecond.Value);
        local.Decoder.Step();
        var waiting = local.Start([.. OneSecond.Value]);

        local.Decoder.GiveUp(new InferenceFailedException("decoder", "hangs"));
        local.Decoder.WaitingCount.ShouldBe(0);

        await Should.ThrowAsync<InferenceFailedException>(active);
        await Should.ThrowAsync<InferenceFailedException>(waiting);
        local.Decoder.Step().ShouldBe(0);
        local.Decoder.HasWork.ShouldBeFalse();
    }

    [Fact]
    public async Task A_step_that_throws_fails_also_those_who_wait_for_a_slot()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2, endless: true);
        var active = local.Start(OneSecond.Value);
        local.Decoder.Step();
        using var lost = new LostMemory(local.Decoder.StateWidth);
        var bad = local.Decoder.DecodeAsync(lost.Memory, 1, 1, RequestClass.Live, TestContext.Current.CancellationToken).AsTask();
        var waiting = local.Start(OneSecond.Value);

        Should.Throw<InvalidOperationException>(() => { local.Decoder.Step(); });

        foreach (var answer in (Task[])[active, bad, waiting])
            (await Should.ThrowAsync<InferenceFailedException>(() => answer.WaitAsync(TimeSpan.FromSeconds(20)))).Message.ShouldContain("The memory is lost.");
        local.Decoder.HasWork.ShouldBeFalse();
    }

    [Fact]
    public async Task The_pool_counts_sequences_that_end_and_those_that_fail_each_once()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
        using var failed = new MetricCollector<long>(pool, InferenceMeter.Name, "mediascore.inference.requests.failed");
        using var local = new LocalDecoder(maxBatch: 4);
        local.Decoder.Register(pool);

        var answers = (Task[])[local.Start(OneSecond.Value), local.Start(Huge()), local.Start(Huge())];
        await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(20)).ContinueWith(_ => { }, TaskScheduler.Default);

        pool.Snapshot().Models.Single().ShouldSatisfyAllConditions(model => model.Requests.ShouldBe(3), model => model.Failed.ShouldBe(2));
        failed.GetMeasurementSnapshot().Sum(measurement => measurement.Value).ShouldBe(2);
    }

    [Fact]
    public async Task Live_sequences_get_slots_before_deferred_ones_that_came_first()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2, endless: true);
        var deferred = Enumerable.Range(0, 4).Select(_ => local.Start(OneSecond.Value, RequestClass.Deferred, tokenLimit: 3)).ToList();
        var live = local.Start(OneSecond.Value, RequestClass.Live, tokenLimit: 3);

        // The answer's own continuation runs elsewhere: it gets time to, or the others would be stepped on meanwhile.
        while (!live.IsCompleted)
        {
            local.Decoder.Step();
            await Task.WhenAny(live, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        }

        // One had the second slot beside it, and was as short.
        await Task.WhenAny(deferred);
        deferred.Count(answer => answer.IsCompleted).ShouldBe(1);
        local.Drain();
        await Task.WhenAll(deferred);
    }

    [Fact]
    public async Task Deferred_sequences_leave_a_quarter_of_the_slots_free()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 4, endless: true);
        var deferred = Enumerable.Range(0, 6).Select(_ => local.Start(OneSecond.Value, RequestClass.Deferred)).ToList();

        var advanced = local.Decoder.Step();
        var live = local.Start(OneSecond.Value);
        var withLive = local.Decoder.Step();

        (advanced, withLive).ShouldBe((3, 4));
        local.Decoder.MostUrgentClass.ShouldBe(RequestClass.Live);
        local.Drain();
        // Awaited: the answers' own continuations run elsewhere.
        await live.WaitAsync(TimeSpan.FromSeconds(20));
        await Task.WhenAll(deferred).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_cancelled_sequence_leaves_its_slot_and_its_neighbours_alone()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 4, endless: true);
        var expected = (await local.DecodeAllAsync([OneSecond.Value]))[0];
        using var cancellation = new CancellationTokenSource();
        var cancelled = local.Start(OneSecond.Value, cancellationToken: cancellation.Token);
        var neighbour = local.Start(OneSecond.Value);
        local.Decoder.Step();

        await cancellation.CancelAsync();
        local.Drain();

        cancelled.IsCanceled.ShouldBeTrue();
        (await neighbour).Tokens.ShouldBe(expected.Tokens);
    }

    [Fact]
    public async Task A_disposed_decoder_fails_what_was_under_way_and_refuses_more()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2, endless: true);
        var active = local.Start(OneSecond.Value);
        local.Decoder.Step();
        var waiting = local.Start(OneSecond.Value);

        local.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(active);
        await Should.ThrowAsync<ObjectDisposedException>(waiting);
        await Should.ThrowAsync<ObjectDisposedException>(() => local.Start(OneSecond.Value));
    }

    [Fact]
    public void A_decoder_that_has_nothing_to_do_says_so()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 2);

        local.Decoder.HasWork.ShouldBeFalse();
        local.Decoder.Step().ShouldBe(0);
    }

    [Fact]
    public void A_file_that_is_no_decoder_is_named_in_the_error()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        var encoder = Path.Combine(Path.GetDirectoryName(PreparedMoonshine.DecoderPath)!, "encoder.onnx");

        var failure = Should.Throw<InferenceFailedException>(() => new AutoregressiveDecoder(PreparedMoonshine.Load(2) with { Path = encoder }, TimeProvider.System));

        failure.Message.ShouldContain("encoder.onnx");
    }

    [Theory]
    [InlineData("model.decoder.layers.0.mlp.up_proj.bias_merged_0")]
    [InlineData("model.decoder.layers.2.final_layernorm.weight_merged_0")]
    [InlineData("/model/decoder/rotary_emb/Cast_1_output_0")]
    public void Weights_of_another_length_than_their_neighbours_are_an_error_of_the_file(string name)
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(PreparedMoonshine.DecoderPath));
        var tensor = model.Graph.Initializer.Single(tensor => tensor.Name == name);
        var count = 16 + tensor.Dims.Aggregate(1L, (product, extent) => product * extent);
        tensor.Dims.Clear();
        tensor.Dims.Add(count);
        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom(new byte[count * sizeof(float)]);
        var folder = Directory.CreateTempSubdirectory("mediascore-decoder-");
        try
        {
            var path = Path.Combine(folder.FullName, "decoder.onnx");
            File.WriteAllBytes(path, model.ToByteArray());

            Should.Throw<InferenceFailedException>(() => new AutoregressiveDecoder(PreparedMoonshine.Load(2) with { Path = path }, TimeProvider.System))
                .Message.ShouldContain("is not the decoder of Moonshine");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_sequence_whose_sound_is_not_finite_fails_alone(float poison)
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 4);
        var expected = (await local.DecodeAllAsync([OneSecond.Value]))[0];
        float[] poisoned = [.. OneSecond.Value];
        poisoned[poisoned.Length / 2] = poison;

        var bad = local.Start(poisoned);
        var good = local.Start(OneSecond.Value);
        local.Drain();

        await Should.ThrowAsync<InferenceFailedException>(bad);
        (await good).Tokens.ShouldBe(expected.Tokens);
    }

    /// <summary>Each value is finite and passes the check at the door; the sums over them are not.</summary>
    [Fact]
    public async Task A_sequence_that_overflows_inside_the_decoder_fails_alone()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        using var local = new LocalDecoder(maxBatch: 4);
        var expected = (await local.DecodeAllAsync([OneSecond.Value]))[0];

        var bad = local.Start(Huge());
        var good = local.Start(OneSecond.Value);
        local.Drain();

        (await Should.ThrowAsync<InferenceFailedException>(bad)).Message.ShouldContain("a logit is not finite");
        (await good).ShouldSatisfyAllConditions(
            answer => answer.Tokens.ShouldBe(expected.Tokens), answer => answer.LogProbabilities.ShouldBe(expected.LogProbabilities));
    }

    [Fact]
    public void A_warm_step_allocates_nothing()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        const int stepCount = 10;
        using var local = new LocalDecoder(maxBatch: 4, endless: true);
        for (var i = 0; i < 4; i++)
            _ = local.Start(OneSecond.Value, tokenLimit: 40);
        for (var i = 0; i < stepCount; i++)
            local.Decoder.Step();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < stepCount; i++)
            local.Decoder.Step();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        local.Drain();
    }

    private static float[] Huge() => [.. OneSecond.Value.Select(value => MathF.CopySign(1e38f, value))];

    /// <summary>Throws when it is read: a fault that no sequence's check foresees.</summary>
    private sealed class LostMemory(int length) : MemoryManager<float>
    {
        public override Memory<float> Memory => CreateMemory(length);

        public override Span<float> GetSpan() => throw new InvalidOperationException("The memory is lost.");

        public override MemoryHandle Pin(int elementIndex = 0) => default;

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
