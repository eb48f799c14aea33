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
/// one interview. By speaker, since what helps one speaker may harm the next.
/// </summary>
/// <param name="noiseDbfs">Of the room between the utterances. Digital silence beside a recording is a step that no microphone makes.</param>
internal sealed class WordTable(VoiceActivityDetector detector, ISpeechRecognizer recognizer, IReadOnlyList<Speech> speech, double pauseSeconds, double noiseDbfs)
{
    // The windows of the voice detector lie on the interview's clock, so where an utterance begins between two of them is chance, and moves every cut by a little. Greedy
    // decoding makes words of it: the mean over eight places says what the cuts do, one place alone says nothing.
    private const int ShiftCount = 8;

    private readonly RememberingRecognizer _recognizer = new(recognizer);
    private readonly Dictionary<(int Shift, object Sound), (float[] Sound, float[] Probabilities)> _sounds = [];

    public async Task PrintAsync(IEnumerable<string> settings)
    {
        var groups = speech.GroupBy(one => one.Part == SpeechCorpus.LibriSpeech ? one.Speaker : one.Part).ToList();
        Console.WriteLine($"{"errors",-72}{string.Concat(groups.Select(group => $"{Shorten(group.Key),7}"))}{"all",7}");
        Console.WriteLine($"{"of so many words",-72}{string.Concat(groups.Select(group => $"{Words(group),7}"))}{Words(speech),7}");
        var direct = new Dictionary<Speech, double>();
        foreach (var one in speech)
            direct[one] = Errors(one, (await _recognizer.RecognizeAsync(one.Samples, RequestClass.Deferred, CancellationToken.None)).Text);
        Print("direct", direct);
        foreach (var setting in settings)
        {
            var options = Settings.Parse(setting.Split(',', StringSplitOptions.RemoveEmptyEntries));
            var (alone, joined) = (new Dictionary<Speech, double>(), new Dictionary<Speech, double>());
            for (var shift = 0; shift < ShiftCount; shift++)
            {
                foreach (var one in speech)
                    Add(alone, one, string.Join(' ', (await RunAsync(options, shift, one, () => one.Samples)).Select(transcript => transcript.Text)));
                foreach (var part in speech.GroupBy(one => one.Part))
                {
                    foreach (var (one, text) in part.Zip(await JoinedAsync(options, shift, [.. part])))
                        Add(joined, one, text);
                }
            }

            Print("alone   " + setting, alone);
            Print("joined  " + setting, joined);
        }

        void Print(string name, Dictionary<Speech, double> errors) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-72}{string.Concat(groups.Select(group => Number(group.Sum(one => errors[one]))))}{Number(errors.Values.Sum())}"));

        static string Number(double number) => number.ToString("F1", CultureInfo.InvariantCulture).PadLeft(7);
    }

    private static string Shorten(string name) => name[..Math.Min(6, name.Length)];

    private static int Words(IEnumerable<Speech> some) => some.Sum(one => WordErrorRate.Of(one.Transcript, "").ReferenceWords);

    private static int Errors(Speech one, string text) => WordErrorRate.Of(one.Transcript, text).Errors;

    private static void Add(Dictionary<Speech, double> errors, Speech one, string text) =>
        errors[one] = errors.GetValueOrDefault(one) + ((double)Errors(one, text) / ShiftCount);

    /// <summary>What was heard of each utterance when all of them are one interview.</summary>
    private async Task<IReadOnlyList<string>> JoinedAsync(AudioPipelineOptions options, int shift, IReadOnlyList<Speech> part)
    {
        var texts = part.Select(_ => new List<string>()).ToList();
        var ends = new List<double>();
        foreach (var one in part)
            ends.Add(ends.LastOrDefault(pauseSeconds / 2) + pauseSeconds + ((double)one.Samples.Length / Speech.SampleRate));
        foreach (var transcript in await RunAsync(options, shift, part[0].Part, () => Join(part)))
        {
            var middle = (transcript.Range.Start.Microseconds + transcript.Range.End.Microseconds) / 2.0 / 1e6;
            var at = ends.FindIndex(end => middle < end);
            texts[at < 0 ? ^1 : at].Add(transcript.Text);
        }

        return [.. texts.Select(parts => string.Join(' ', parts))];
    }

    private float[] Join(IReadOnlyList<Speech> part)
    {
        var random = new Random(1);
        var amplitude = Math.Pow(10, noiseDbfs / 20) * Math.Sqrt(3);
        var pause = Enumerable.Range(0, (int)(pauseSeconds * Speech.SampleRate)).Select(_ => (float)(((2 * random.NextDouble()) - 1) * amplitude)).ToArray();
        return [.. pause, .. part.SelectMany(one => one.Samples.Concat(pause))];
    }

    private async Task<IReadOnlyList<UtteranceTranscript>> RunAsync(AudioPipelineOptions options, int shift, object key, Func<float[]> make)
    {
        if (!_sounds.TryGetValue((shift, key), out var heard))
        {
            float[] sound = [.. new float[shift * SoundWindow.SampleCount / ShiftCount], .. make()];
            _sounds[(shift, key)] = heard = (sound, await PauseTable.ProbabilitiesAsync(detector, [.. sound, .. new float[SoundWindow.SampleCount]]));
        }

        var transcripts = new TranscriptList();
        await using var pipeline = new AudioPipeline(
            new AudioPipelineContext("words", Modality.Audio | Modality.Transcript, "en", detector, _recognizer, null, transcripts, options, KnownObservations.None),
            new RememberedActivity(heard.Probabilities));
        await pipeline.PushAsync(MediaTime.Zero, heard.Sound, RequestClass.Deferred);
        await pipeline.CompleteAsync(RequestClass.Deferred);
        return transcripts.All;
    }

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
