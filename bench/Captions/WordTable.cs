using System.Globalization;
using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines;
using MediaScore.Pipelines.Audio;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Benchmarks.Captions;

/// <summary>
/// Word errors of the same utterances, said in three ways: given to the recogniser as they are; each through the pipeline alone; and all of a part one after the other in
/// one interview. By speaker, since a constant that helps one speaker may harm the next.
/// </summary>
internal sealed class WordTable(VoiceActivityDetector detector, ISpeechRecognizer recognizer, AudioPipelineOptions options, double pauseSeconds, double noiseDbfs)
{
    // The windows of the voice detector lie on the interview's clock, so where an utterance begins between two of them is chance, and moves every cut by a little. Greedy
    // decoding makes words of it: the mean over eight places says what the cuts do, one place alone says nothing.
    private const int ShiftCount = 8;

    public async Task PrintAsync(IReadOnlyList<Speech> speech)
    {
        var rows = new List<(Speech Speech, Counts Counts)>();
        foreach (var part in speech.GroupBy(one => one.Part))
        {
            foreach (var one in part)
                rows.Add((one, new Counts(Errors(one, (await recognizer.RecognizeAsync(one.Samples, RequestClass.Deferred, CancellationToken.None)).Text), default, default)));
            for (var shift = 0; shift < ShiftCount; shift++)
            {
                var lead = new float[shift * SoundWindow.SampleCount / ShiftCount];
                foreach (var one in part)
                    rows.Add((one, new Counts(default, Errors(one, string.Join(' ', (await RunAsync([.. lead, .. one.Samples])).Select(transcript => transcript.Text))), default)));
                foreach (var (one, together) in part.Zip(await JoinedAsync(lead, [.. part])))
                    rows.Add((one, new Counts(default, default, Errors(one, together))));
            }
        }

        Console.WriteLine($"{"",-24}{"words",7}{"direct",8}{"alone",8}{"joined",8}");
        foreach (var speaker in rows.GroupBy(row => (row.Speech.Part, row.Speech.Speaker)).Where(group => group.Key.Part == SpeechCorpus.LibriSpeech))
            Print(speaker.Key.Speaker, speaker.Select(row => row.Counts));
        foreach (var part in rows.GroupBy(row => row.Speech.Part))
            Print(part.Key, part.Select(row => row.Counts));
        Print("all", rows.Select(row => row.Counts));
    }

    private static void Print(string name, IEnumerable<Counts> counts)
    {
        var sum = counts.Aggregate((one, other) => new Counts(one.Direct + other.Direct, one.Alone + other.Alone, one.Joined + other.Joined));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-24}{sum.Direct.ReferenceWords,7}{sum.Direct.Errors,8}{(double)sum.Alone.Errors / ShiftCount,8:F1}{(double)sum.Joined.Errors / ShiftCount,8:F1}"));
    }

    private static WordErrorRate Errors(Speech speech, string text) => WordErrorRate.Of(speech.Transcript, text);

    /// <summary>What was heard of each utterance when all of them are one interview.</summary>
    private async Task<IReadOnlyList<string>> JoinedAsync(float[] lead, IReadOnlyList<Speech> speech)
    {
        var pause = Pause();
        List<float> sound = [.. lead, .. pause];
        var ends = new List<int>();
        foreach (var one in speech)
        {
            sound.AddRange(one.Samples);
            ends.Add(sound.Count);
            sound.AddRange(pause);
        }

        var texts = speech.Select(_ => new List<string>()).ToList();
        foreach (var transcript in await RunAsync([.. sound]))
        {
            var middle = (transcript.Range.Start.Microseconds + transcript.Range.End.Microseconds) / 2.0 / 1e6;
            var at = ends.FindIndex(end => middle < ((double)end / Speech.SampleRate) + (pauseSeconds / 2));
            texts[at < 0 ? ^1 : at].Add(transcript.Text);
        }

        return [.. texts.Select(parts => string.Join(' ', parts))];
    }

    private float[] Pause()
    {
        // A room is never quite still; digital silence beside it is a step that no microphone makes.
        var random = new Random(1);
        var amplitude = double.IsNegativeInfinity(noiseDbfs) ? 0 : Math.Pow(10, noiseDbfs / 20) * Math.Sqrt(3);
        return [.. Enumerable.Range(0, (int)(pauseSeconds * Speech.SampleRate)).Select(_ => (float)(((2 * random.NextDouble()) - 1) * amplitude))];
    }

    private async Task<IReadOnlyList<UtteranceTranscript>> RunAsync(float[] sound)
    {
        var transcripts = new TranscriptList();
        await using var pipeline = new AudioPipeline(new AudioPipelineContext(
            "words", Modality.Audio | Modality.Transcript, "en", detector, recognizer, null, transcripts, options, KnownObservations.None));
        await pipeline.PushAsync(MediaTime.Zero, sound, RequestClass.Deferred);
        await pipeline.CompleteAsync(RequestClass.Deferred);
        return transcripts.All;
    }

    private readonly record struct Counts(WordErrorRate Direct, WordErrorRate Alone, WordErrorRate Joined);

    private sealed class TranscriptList : IObservationSink
    {
        public List<UtteranceTranscript> All { get; } = [];

        public ValueTask AppendAsync(Observation observation, CancellationToken cancellationToken)
        {
            if (observation is UtteranceTranscript transcript)
                All.Add(transcript);
            return ValueTask.CompletedTask;
        }
    }
}
