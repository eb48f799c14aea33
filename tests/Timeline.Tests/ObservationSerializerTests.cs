using System.Text;
using System.Text.Json.Serialization;

namespace MediaScore.Timeline.Tests;

public sealed class ObservationSerializerTests
{
    private static readonly MediaRange Range = new(MediaTime.FromMilliseconds(1500), MediaTime.FromMilliseconds(2750));
    private static readonly ModelStamp Model = new("moonshine-tiny-en", "0.1.29+c6fc4b7b");

    /// <summary>One of each kind, with every field set where that is possible.</summary>
    private static readonly Observation[] Samples =
    [
        new InterviewStarted(MediaRange.At(MediaTime.Zero), "en", Modality.Audio | Modality.Transcript, "store-manager", new string('a', 64), "default"),
        new StageStarted(Range, "stage-1", "late-dish", 1),
        new StageEnded(Range, "stage-1", "late-dish", 1, StageEndReason.TimeLimit),
        new WrittenAnswer(Range, "stage-2", "promotion", 2, "Zwei für eins: \"买一送一\" <b>&</b>\n🙂"),
        new InterviewEnded(Range, InterviewEndReason.ClientEnded),
        new ConnectionChanged(Range, false, "stream closed"),
        new MediaGap(Range, "audio", GapReasons.PacketsLost),
        new FrameSkipped(Range, "load"),
        new QualityWarning(Range, WarningKind.TooQuiet),
        new NotAnalysed(Range, Modality.Transcript, "no model for zh"),
        new AnalysisFault(Range, "speech", "InvalidOperationException: shape"),
        new SpeechSegment(Range, UtteranceCut.LengthLimit) { Model = new ModelStamp("silero-vad", "1"), Confidence = 0.75 },
        new AudioQuality(Range, 21.5, -27.25, 0.0001, 0.125, QualityVerdict.Good),
        new UtteranceTranscript(Range, "en", "I apologised.", [new TimedWord("I", Range), new TimedWord("apologised.", Range)], -0.125) { Model = Model, Confidence = 0.9 },
        new UtteranceTranscript(Range, "en", "", [], -2.5, "low-confidence") { Model = Model },
        new UtteranceTranscript(Range, "en", "I apologized.", [new TimedWord("I", Range), new TimedWord("apologized.", Range)], -0.0625) { Model = Model, Confidence = 0.95, Refined = true },
        new UtteranceProsody(Range, 118.5, 7.25, -24.5, TimeSpan.FromMilliseconds(640), 0.2, 4.5, 1.125, 2, 31),
        new UtteranceProsody(Range, null, null, -24.5, TimeSpan.Zero, 0, 4.5, null, 0, 0),
        new PictureSample(Range, 640, 360, 0.5, 120.5, QualityVerdict.Poor),
        new FaceSample(Range, 1, new FaceFinding(new FaceBox(0.25, 0.125, 0.5, 0.75), 0.98, -4.5, 3, 0.5, true)) { Model = new ModelStamp("blazeface", "2") },
        new FaceSample(Range, 0, null),
        new AnchorSimilarity(Range, "late-dish", 1, "communication", 4, 2, 0.625),
        new AnchorSimilarity(Range, "late-dish", 1, "communication", 4, 2, 0.625) { SentenceHash = "8c2f1e07" },
        new RaterOpinion(Range, "late-dish", 1, "communication", 3.5, "Names what the customer felt."),
        new FinalPassDone(Range, [Model, new ModelStamp("silero-vad", "1")]),
    ];

    private static string GoldenPath => Path.Combine(AppContext.BaseDirectory, "Golden", "observations-v1.jsonl");

    [Fact]
    public async Task The_bytes_of_every_kind_are_those_of_the_golden_file()
    {
        var written = string.Concat(Samples.Select(sample => Encoding.UTF8.GetString(ObservationSerializer.Write(sample)) + "\n"));

        written.ShouldBe(await File.ReadAllTextAsync(GoldenPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_kind_comes_back_equal_from_its_bytes()
    {
        foreach (var sample in Samples)
        {
            ObservationSerializer.TryRead(ObservationSerializer.Write(sample), out var read, out var reason).ShouldBeTrue(reason);
            read.ShouldBe(sample);
        }
    }

    [Fact]
    public void The_samples_leave_no_kind_out()
    {
        var kinds = typeof(Observation).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Cast<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType).ToList();

        kinds.Except(Samples.Select(sample => sample.GetType())).ShouldBeEmpty();
        typeof(Observation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Observation))).Except(kinds).ShouldBeEmpty();
    }

    [Fact]
    public void Fields_of_a_newer_version_are_passed_over_wherever_they_stand()
    {
        var newer = """{"newer":{"kind":"x"},"range":[1,2],"warning":"Dark","kind":"quality-warning","alsoNewer":[1]}"""u8;

        ObservationSerializer.TryRead(newer, out var read, out var reason).ShouldBeTrue(reason);

        read.ShouldBe(new QualityWarning(new MediaRange(new MediaTime(1), new MediaTime(2)), WarningKind.Dark));
    }

    [Theory]
    [InlineData("""{"kind":"mind-reading","range":[0,1]}""", "unknown kind 'mind-reading': written by a newer version")]
    [InlineData("""{"kind":"quality-warning","range":[0],"warning":"Dark"}""", "a record of kind 'quality-warning' cannot be read")]
    [InlineData("""{"kind":"quality-warning","range":[0,1],"warning":"Smelly"}""", "a record of kind 'quality-warning' cannot be read")]
    [InlineData("""{"range":[0,1]}""", "the record is not an observation")]
    [InlineData("""{"kind":7}""", "the record is not an observation")]
    [InlineData("[]", "the record is not an observation")]
    [InlineData("null", "the record holds no observation")]
    [InlineData("", "the record is not an observation")]
    [InlineData("{\"kind\":", "the record is not an observation")]
    public void What_cannot_be_read_is_skipped_with_the_reason(string json, string reason)
    {
        ObservationSerializer.TryRead(Encoding.UTF8.GetBytes(json), out var read, out var skipReason).ShouldBeFalse();

        read.ShouldBeNull();
        skipReason.ShouldStartWith(reason);
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        Should.Throw<ArgumentException>(() => ObservationSerializer.Write(new SpeechSegment(Range, UtteranceCut.Silence) { Confidence = double.NaN }));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        var seed = ObservationSerializer.Write(Samples[13]);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = seed.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var length = random.Next(bytes.Length + 1);

            var read = ObservationSerializer.TryRead(bytes.AsSpan(0, length), out var observation, out var reason);

            read.ShouldBe(observation is not null);
            read.ShouldBe(reason is null);
        }
    }
}
