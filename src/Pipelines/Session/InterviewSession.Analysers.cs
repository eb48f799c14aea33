using MediaScore.Pipelines.Audio;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging;

namespace MediaScore.Pipelines.Session;

// Which analysers this interview has: only those that consent and policy permit, and that have a model. What is missing is said.
public sealed partial class InterviewSession
{
    private MediaAnalysis CreateAnalysis()
    {
        var known = new KnownObservations(_timeline.Recovered.Select(e => e.Observation));
        return new MediaAnalysis(
            Settings,
            _sink,
            Settings.Permits(Modality.Audio) && _services.VoiceActivity is not null ? () => CreateAudio(known) : null,
            _services.Costs,
            _services.Loggers.CreateLogger<InterviewSession>());
    }

    private AudioPipeline CreateAudio(KnownObservations known)
    {
        var reason = "no recogniser is loaded; run: mediascore models prepare";
        Perception.Speech.ISpeechRecognizer? recognizer = null;
        if (Settings.Permits(Modality.Transcript))
            _services.Recognizers?.TryGet(Settings.Language, Settings.RecognizerTier, out recognizer, out reason);
        return new AudioPipeline(new AudioPipelineContext(
            Settings.InterviewId, Settings.Permitted, Settings.Language, _services.VoiceActivity!, recognizer, recognizer is null ? reason : null,
            _sink, _services.AudioOptions, known));
    }
}
