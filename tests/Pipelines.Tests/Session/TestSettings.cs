using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

internal static class TestSettings
{
    public const Modality Everything =
        Modality.Audio | Modality.Video | Modality.Transcript | Modality.Prosody | Modality.FacePresence | Modality.Gaze | Modality.Text;

    public static InterviewSettings Create(
        string interviewId = "interview-1", Modality permitted = Everything, TimeSpan timeLimit = default, ulong epoch = 1, string language = "en") => new(
        interviewId, language, permitted, "plan-1", new string('a', 64), "default", "default", epoch,
        [
            new QuestionSettings("stage-1", "q1", "How do you calm an angry guest?", timeLimit, 1, []),
            new QuestionSettings("stage-2", "q2", "How do you lead?", timeLimit, 0, []),
        ]);
}
