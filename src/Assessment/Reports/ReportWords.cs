using System.Globalization;
using MediaScore.Assessment.Scoring;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>The page's own words, in English or Chinese; other languages read English.</summary>
internal sealed class ReportWords(string language)
{
    private readonly bool _chinese = language.Split('-')[0] == "zh";

    /// <summary>For the page's <c>lang</c> attribute.</summary>
    public string Language => _chinese ? "zh" : "en";

    /// <summary>Both wordings side by side, so that none is forgotten.</summary>
    public string Pick(string english, string chinese) => _chinese ? chinese : english;

    /// <summary><c>m:ss</c>.</summary>
    public static string Time(long ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000}:{ms / 1000 % 60:00}");

    public static string Times(long startMs, long endMs) => endMs > startMs ? $"{Time(startMs)}–{Time(endMs)}" : Time(startMs);

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, MidpointRounding.AwayFromZero):0}\u202F%");

    public static string Rating(double rating) => rating.ToString("0.0", CultureInfo.InvariantCulture);

    public string Duration(long ms) => ms < 60_000
        ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000} {Pick("s", "秒")}")
        : string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000} {Pick("min", "分")} {ms / 1000 % 60:00} {Pick("s", "秒")}");

    public string Confidence(double confidence) => $"{Pick("Confidence", "可信度")} {Percent(confidence)} · " + confidence switch
    {
        < 0.3 => Pick("low", "低"),
        < 0.5 => Pick("moderate", "中"),
        _ => Pick("fair", "较好"),
    };

    public string Mode(string mode) => mode switch
    {
        "video" => Pick("Video", "视频"),
        "voice" => Pick("Voice", "语音"),
        _ => Pick("Writing", "书面"),
    };

    public string Of(NotAssessedReason reason) => reason switch
    {
        NotAssessedReason.NotAnswered => Pick("not answered", "未作答"),
        NotAssessedReason.NoConsent => Pick("not permitted", "未获许可"),
        NotAssessedReason.NoModel => Pick("no model", "没有可用模型"),
        NotAssessedReason.NoSpeech => Pick("no speech was heard", "没有听到语音"),
        NotAssessedReason.AudioUnusable => Pick("the sound cannot be used", "声音无法使用"),
        NotAssessedReason.NoTranscript => Pick("no certain text", "没有可靠的文字"),
        NotAssessedReason.TooLittleSaid => Pick("too little said", "内容太少"),
        NotAssessedReason.NotCompared => Pick("not compared with the anchors", "未与行为标准比较"),
        _ => Pick("near to none of the behaviours", "与所述行为均不接近"),
    };

    public string Of(RatingPartKind kind) => kind switch
    {
        RatingPartKind.Anchors => Pick("Behaviour", "行为"),
        RatingPartKind.Structure => Pick("Structure", "结构"),
        _ => Pick("Delivery", "表达流畅"),
    };

    public string Of(StructuralSign sign) => sign switch
    {
        StructuralSign.Situation => Pick("situation", "情境"),
        StructuralSign.Action => Pick("action", "行动"),
        StructuralSign.Result => Pick("result", "结果"),
        StructuralSign.Figures => Pick("figures", "数字"),
        StructuralSign.Reasons => Pick("reasons", "理由"),
        _ => Pick("detail", "细节"),
    };

    public string Of(RatingNote note) => Pick(note.Text, note.Kind switch
    {
        RatingNoteKind.LittleSaid => "内容较少",
        RatingNoteKind.RecogniserUnsure => "语音识别对许多词没有把握",
        RatingNoteKind.SoundPoor => "声音质量较差",
        RatingNoteKind.LevelsClose => "与多个等级的距离几乎相同",
        RatingNoteKind.TopicUnchecked => "未检查是否切题",
        RatingNoteKind.MaybeOffTopic => "可能偏题",
        RatingNoteKind.DeliveryNotPermitted => "未计表达流畅：未获许可",
        RatingNoteKind.DeliverySoundPoor => "未计表达流畅：声音质量不足",
        _ => "未计表达流畅：语音太短",
    });

    public string Of(ReportNote note) => Pick(note.Text, note.Kind switch
    {
        ReportNoteKind.PersonDecides => "由人来决定。本报告不淘汰任何人，只汇集可以对照录音录像核实的证据。",
        ReportNoteKind.FirstVersionRater => "评分来自第一个版本：与方案中行为标准的相似度以及回答的结构。尚未与人工评分者对照验证。",
        ReportNoteKind.MissingIsNotLow => "缺失的部分为“未评估”，不会拉低任何评分。",
        ReportNoteKind.FaceNotScored => "面部和视线只作为画面质量显示，不参与任何评分。",
        ReportNoteKind.LastTakeCounts => "重新作答的问题以最后一次为准，其余各次列出备查。",
        ReportNoteKind.NoEnd => "时间线没有面试结束的记录，可能不完整。",
        ReportNoteKind.FinalPassMissing => "录制后的最终分析尚未进行，部分分析可能缺失。",
        _ => "此版本不认识所用的合规方案。",
    });

    public string Of(Modality modality) => modality switch
    {
        Modality.Audio => Pick("Sound", "声音"),
        Modality.Video => Pick("Picture", "画面"),
        Modality.Transcript => Pick("Transcript", "转写文字"),
        Modality.Prosody => Pick("Pace and pauses", "语速与停顿"),
        Modality.FacePresence => Pick("Face presence", "是否有人脸"),
        Modality.Gaze => Pick("Gaze", "视线"),
        Modality.Expression => Pick("Facial expression", "面部表情"),
        Modality.FaceIdentity => Pick("Face identity", "人脸身份"),
        Modality.Text => Pick("Written answers", "书面回答"),
        _ => modality.ToString(),
    };

    public string Of(WarningKind warning) => warning switch
    {
        WarningKind.TooQuiet => Pick("Too quiet", "声音太小"),
        WarningKind.Clipped => Pick("Clipped", "声音削波"),
        WarningKind.Noisy => Pick("Noisy", "噪声大"),
        WarningKind.NoSound => Pick("No sound", "没有声音"),
        WarningKind.NoFace => Pick("No face", "没有人脸"),
        WarningKind.SeveralFaces => Pick("Several faces", "多张人脸"),
        WarningKind.Dark => Pick("Dark", "太暗"),
        WarningKind.Overexposed => Pick("Overexposed", "过曝"),
        WarningKind.Blurred => Pick("Blurred", "模糊"),
        _ => Pick("Music", "音乐"),
    };

    public string Of(StageEndReason? reason) => reason switch
    {
        StageEndReason.TimeLimit => Pick("ended by the time limit", "到达时限"),
        StageEndReason.NextStage => Pick("ended by the next question", "进入下一题"),
        StageEndReason.InterviewEnded => Pick("ended with the interview", "随面试结束"),
        StageEndReason.Abandoned => Pick("given up for a new take", "放弃并重新作答"),
        null => Pick("without an end", "没有结束记录"),
        _ => Pick("answered", "已作答"),
    };
}
