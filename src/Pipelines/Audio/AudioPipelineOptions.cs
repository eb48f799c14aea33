using System.ComponentModel.DataAnnotations;

namespace MediaScore.Pipelines.Audio;

/// <summary>How sound is cut into utterances and how much work may be under way. Section <c>Pipelines:Audio</c>.</summary>
/// <remarks>Everything but what stands last, from <see cref="EarlyRecognitionSilenceMs"/> on, changes the result: a recording analysed with other values gives another timeline.</remarks>
public sealed class AudioPipelineOptions
{
    /// <summary>Speech probability of a 32 ms window that begins an utterance. Default 0.5.</summary>
    // The threshold that Silero recommends for all languages.
    [Range(0.05, 0.95)] public float OnsetProbability { get; set; } = 0.5f;

    /// <summary>Probability under which a window counts as silence once an utterance runs. Default 0.35.</summary>
    // Silero's own hysteresis: 0.15 under the onset, so that weak endings of words do not flicker.
    [Range(0.01, 0.95)] public float OffsetProbability { get; set; } = 0.35f;

    /// <summary>Silence that ends an utterance, in milliseconds. Default 600.</summary>
    // Pauses inside a sentence are mostly under half a second; longer waiting delays every caption. Shorter and longer ones in words and time: bench/Captions/README.md.
    [Range(100, 5_000)] public int EndSilenceMs { get; set; } = 600;

    /// <summary>Silence that ends an utterance with less speech than <see cref="ShortUtteranceMs"/>, in milliseconds. Default 600.</summary>
    // A recogniser hears half a sentence worse than a whole one, and the shorter the half, the worse: with 800 here and 500 above, more than half of the captions come
    // sooner for about the same words. As long as above until that is wanted.
    [Range(100, 5_000)] public int ShortEndSilenceMs { get; set; } = 600;

    /// <summary>From the first to the last speech window, in milliseconds; an utterance with less is short. Default 3000.</summary>
    // Nearly half of the utterances of the test media.
    [Range(0, 15_000)] public int ShortUtteranceMs { get; set; } = 3_000;

    /// <summary>Least speech (windows at or above the onset) of an utterance, in milliseconds; less is dropped. Default 128.</summary>
    // Four windows. The shortest answer, "no", has about 150 ms of vowel; clicks and coughs rarely hold the detector for longer than 100 ms.
    [Range(32, 2_000)] public int LeastSpeechMs { get; set; } = 128;

    /// <summary>Sound kept before the first speech window, in milliseconds. Default 192.</summary>
    // The detector answers up to 100 ms late on soft consonants, and recognisers want a little silence at the edges. 300 to 500 ms and a longer closing silence were
    // tried through the server: word errors move by a point either way, tiny and base in opposite directions, and with 400 ms three short utterances lost all their words.
    [Range(0, 1_000)] public int PaddingBeforeMs { get; set; } = 192;

    /// <summary>Sound kept after the last speech window, in milliseconds. Default 192.</summary>
    [Range(0, 1_000)] public int PaddingAfterMs { get; set; } = 192;

    /// <summary>Longest utterance, in seconds; a longer one is cut at its quietest point. Default 15.</summary>
    // Moonshine was trained on clips of 4 to 30 s; decoding time grows with the square of the length.
    [Range(4, 30)] public int LongestUtteranceSeconds { get; set; } = 15;

    /// <summary>The last part of a too long utterance in which the quietest point is sought, in seconds. Default 3.</summary>
    // In 3 s of fluent speech there is a gap between words; the piece before it stays long enough to be understood.
    [Range(1, 10)] public int CutSearchSeconds { get; set; } = 3;

    /// <summary>Silence inside an answer that is worth a warning, in seconds. Default 20.</summary>
    // Thinking takes 5 to 10 s; after 20 s a muted microphone is likelier.
    [Range(5, 600)] public int NoSoundSeconds { get; set; } = 20;

    /// <summary>
    /// Silence after which a live utterance is given to the recogniser before it has ended, in milliseconds; at least <see cref="PaddingAfterMs"/>. From
    /// what ends an utterance on it never is. Default 448.
    /// </summary>
    // The sooner, the more is recognised for nothing, because speech goes on (bench/Captions, pauses).
    [Range(0, 5_000)] public int EarlyRecognitionSilenceMs { get; set; } = 448;

    /// <summary>A live utterance that the recogniser has not answered after so many seconds is left to the final pass. Default 20.</summary>
    // A caption that late helps nobody, and four of them hold up all that is said after them. A server that refuses in time never comes near it.
    [Range(1, 600)] public int LiveRecognitionSeconds { get; set; } = 20;

    /// <summary>Utterances of one interview that may be under recognition at once. Default 4.</summary>
    // One is the normal case; four let a catch-up after a crash fill a batch without holding more than a minute of sound.
    [Range(1, 64)] public int UtterancesInFlight { get; set; } = 4;

    /// <summary>Pieces of sound that may wait to be analysed before the writer waits. Default 256.</summary>
    // 256 frames of 20 ms: 5 s of sound, 330 kB. A replay queues pieces of 100 ms: 26 s, 1.6 MB.
    [Range(4, 4_096)] public int QueuedPieces { get; set; } = 256;
}
