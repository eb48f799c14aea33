namespace MediaScore.WebRtc.Sdp;

/// <summary>
/// Offer and our abilities to answer and what both agreed on (RFC 3264, RFC 9429, 5.3): a pure function that never throws. At most one audio and one video section
/// are received, over one transport; what is offered beside them is rejected in place, so that it does not keep the interview from happening.
/// </summary>
internal static class SdpNegotiator
{
    // Enough to see what is wrong with an offer; an offer of 60 sections is not told about each.
    private const int MaxReasonCount = 6;

    public static SdpAnswerResult Answer(string offer, SdpAnswerParameters parameters)
    {
        if (!SdpReader.TryRead(offer, fragment: false, out var description, out _, out var error))
            return Refuse(SdpRefusal.BadSyntax, error);
        if (description.Attributes.Has("ice-lite"))
            return Refuse(SdpRefusal.Unacceptable, "The offer is of an ICE-lite agent. So is this side, and one of both has to make checks.");

        var extensions = new ExtensionChoice();
        var choices = new SectionChoice[description.Media.Count];
        for (var index = 0; index < choices.Length; index++)
        {
            choices[index] = SectionChoice.Choose(description.Media[index], parameters, choices.AsSpan(0, index), extensions);
            if (choices[index].Outcome == SectionOutcome.Fatal)
                return Refuse(SdpRefusal.Unacceptable, choices[index].Reason);
        }

        var bundle = FindBundle(description, choices);
        var accepted = Order(choices, bundle);
        // No half answers (RFC 9725, 4.4.3): the candidate would speak to a server that only sees.
        var missed = Array.Exists(choices, choice => choice.Outcome == SectionOutcome.Missed && !accepted.Exists(other => other.Section.Kind == choice.Section.Kind));
        if (accepted.Count == 0 || missed)
            return Refuse(SdpRefusal.Unacceptable, DescribeRejected(choices));
        if (accepted.Count > 1 && !accepted.TrueForAll(choice => bundle.Contains(choice.Section.Mid)))
            return Refuse(SdpRefusal.Unacceptable, "All media sections have to share one transport: a=group:BUNDLE with the mid of each (RFC 9725, 4.4.1).");

        var tagged = accepted[0];
        if (TransportOffer.Read(tagged.Section, out var refusal, out var message) is not { } transport)
            return Refuse(refusal, message);

        var media = choices.Where(choice => choice.Media is not null).Select(choice => choice.Media!).ToList();
        var session = new NegotiatedSession(parameters.LocalIce, transport.Ice, transport.Fingerprints, media);
        var bundled = bundle.Contains(tagged.Section.Mid) ? accepted : [];
        return new SdpAnswerResult(SdpRefusal.None, "", SdpAnswerWriter.Write(description, choices, bundled, tagged, parameters), session);
    }

    /// <summary>Mids of the group that the first accepted section is in; empty where it is in none.</summary>
    private static string[] FindBundle(SdpDescription description, SectionChoice[] choices)
    {
        var first = Array.Find(choices, choice => choice.Media is not null);
        if (first is null || first.Section.Mid.Length == 0)
            return [];
        foreach (var group in description.Attributes.All("group"))
        {
            var fields = group.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is ["BUNDLE", .. var mids] && mids.Contains(first.Section.Mid))
                return mids;
        }

        return [];
    }

    /// <summary>Accepted sections in the order of the group, whose first is the tagged one, else in that of the offer.</summary>
    private static List<SectionChoice> Order(SectionChoice[] choices, string[] bundle) => choices
        .Where(choice => choice.Media is not null)
        .OrderBy(choice => Array.IndexOf(bundle, choice.Section.Mid) is >= 0 and var at ? at : bundle.Length)
        .ToList();

    private static string DescribeRejected(SectionChoice[] choices)
    {
        if (choices.Length == 0)
            return "The offer has no media section.";
        var reasons = choices.Select((choice, index) => (choice, index)).Where(each => each.choice.Media is null).Take(MaxReasonCount)
            .Select(each => $"section {each.index + 1} ({each.choice.Section.Kind}): {each.choice.Reason}");
        return "The offer cannot be received as it is: " + string.Join("; ", reasons) + ".";
    }

    private static SdpAnswerResult Refuse(SdpRefusal refusal, string message) => new(refusal, message, null, null);
}
