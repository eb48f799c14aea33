using MediaScore.Assessment.Policy;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Policy;

public sealed class PolicyProfileTests
{
    private static readonly Modality Everything = Enum.GetValues<Modality>().Aggregate(Modality.None, (all, one) => all | one);

    [Fact]
    public void The_profiles_of_the_wire_exist_and_no_other() =>
        PolicyProfile.All.Select(p => p.Name).ShouldBe(["default", "eu", "cn", "us-il", "us-nyc"]);

    [Fact]
    public void No_profile_permits_expression_whatever_the_consent()
    {
        foreach (var profile in PolicyProfile.All)
            profile.Permit(Everything).HasFlag(Modality.Expression).ShouldBeFalse(profile.Name);
    }

    [Theory]
    [InlineData("eu", Modality.Gaze | Modality.Expression | Modality.FaceIdentity)]
    [InlineData("cn", Modality.Expression | Modality.FaceIdentity)]
    [InlineData("us-il", Modality.Gaze | Modality.Expression | Modality.FaceIdentity)]
    [InlineData("us-nyc", Modality.Expression | Modality.FaceIdentity)]
    [InlineData("default", Modality.Expression)]
    public void A_profile_withholds_what_its_rules_say_and_nothing_else(string name, Modality withheld) =>
        PolicyProfile.Find(name)!.Permit(Everything).ShouldBe(Everything & ~withheld);

    [Fact]
    public void Nothing_is_permitted_without_consent()
    {
        foreach (var profile in PolicyProfile.All)
            profile.Permit(Modality.None).ShouldBe(Modality.None);
    }

    [Fact]
    public void Without_audio_there_is_no_transcript_and_without_video_no_face()
    {
        var profile = PolicyProfile.Find("default")!;

        profile.Permit(Everything & ~Modality.Audio & ~Modality.Video).ShouldBe(Modality.Text);
        profile.Withheld(Everything & ~Modality.Audio).Select(w => (w.Modality, w.Reason)).Take(3).ShouldBe(
        [
            (Modality.Audio, "no consent"),
            (Modality.Transcript, "needs audio, which is not permitted"),
            (Modality.Prosody, "needs audio, which is not permitted"),
        ]);
    }

    [Fact]
    public void Every_rule_of_every_profile_has_one_flag_and_a_reason()
    {
        foreach (var profile in PolicyProfile.All)
        {
            profile.Rules.Select(r => r.Modality).ShouldBe(Enum.GetValues<Modality>().Where(m => m != Modality.None));
            profile.Rules.ShouldAllBe(r => r.Reason.Length > 10);
        }
    }

    [Fact]
    public void An_unknown_profile_is_not_found() => PolicyProfile.Find("EU").ShouldBeNull();
}
