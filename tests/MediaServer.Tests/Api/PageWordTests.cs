using MediaScore.Assessment.Policy;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Sessions;
using MediaScore.Perception.Vision;
using MediaScore.Pipelines.Session;
using MediaScore.Storage.Devices;
using MediaScore.Timeline;
using MediaScore.Web;

namespace MediaScore.MediaServer.Tests.Api;

/// <summary>The pages know a word in each language for everything that the server may tell them.</summary>
public sealed class PageWordTests
{
    public static TheoryData<string> Languages => ["en", "zh"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_modality_is_explained(string language) =>
        (from modality in CandidateJson.Modalities
         from part in (string[])["", ".what", ".why", ".without"]
         select $"modality.{modality.Word}{part}").Except(PageTexts.In(language).Keys).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_reason_why_a_shipped_policy_forbids_something_is_there(string language) =>
        (from policy in PolicyProfile.All
         from rule in policy.Rules
         where !rule.Allowed
         select $"reason.{rule.Reason}").Distinct().Except(PageTexts.In(language).Keys).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_warning_is_there_for_the_candidate_and_for_the_live_page(string language) =>
        (from kind in Enum.GetValues<WarningKind>().Select(WarningWords.Of).Concat(Enum.GetValues<SessionNotice>().Select(WarningWords.Of))
         from place in (string[])["warning", "live.warning"]
         select $"{place}.{kind}").Except(PageTexts.In(language).Keys).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Languages))]
    public void Everything_that_devices_say_has_a_word_on_the_page_of_doors(string language)
    {
        string[] commands = [CommandKinds.OpenDoor, CommandKinds.Enrol, CommandKinds.Delete, CommandKinds.TimeSync, CommandKinds.Settings, CommandKinds.FetchLogs];
        // Those that are answered as problems, or that the page leads on from.
        EnrolmentCode[] elsewhere = [EnrolmentCode.Enrolled, EnrolmentCode.PoorQuality, EnrolmentCode.UnknownPerson, EnrolmentCode.NoConsent, EnrolmentCode.ModelMissing];
        IEnumerable<string> needed =
        [
            .. Words<DeviceEventOutcome>("doors.outcome", DeviceEventOutcome.None), .. Words<DeviceEventKind>("doors.kind"), .. Words<DeviceProtocol>("doors.protocol"),
            .. Words<DeviceCommandState>("doors.commandState"), .. Words<LivenessMode>("doors.liveness"), .. Words<IsapiPhase>("doors.calling"), .. Words("doors.code", elsewhere), .. Words("doors.fault", FaceFault.None),
            .. commands.Select(kind => $"doors.command.{kind}"),
        ];

        needed.Except(PageTexts.In(language).Keys).ShouldBeEmpty();
    }

    private static IEnumerable<string> Words<TEnum>(string place, params TEnum[] except)
        where TEnum : struct, Enum => Enum.GetValues<TEnum>().Except(except).Select(value => $"{place}.{CandidateJson.Word(value)}");
}
