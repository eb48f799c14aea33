namespace MediaScore.Assessment.Tests.Plans;

/// <summary>The smallest plan that is whole; tests break one line of it at a time.</summary>
internal static class SmallPlan
{
    public const string Yaml = """
        id: small
        version: 1
        languages: [en]
        title: { en: Small }
        stages:
          - id: first
            title: { en: First }
            mode: voice
            questions:
              - id: why
                text: { en: Why? }
                timeLimitSeconds: 60
                rerecords: 1
                competencies: [care]
          - id: second
            title: { en: Second }
            mode: text
            questions:
              - id: how
                text: { en: How? }
                timeLimitSeconds: 120
                competencies: [{ id: care, weight: 2 }]
        competencies:
          - id: care
            name: { en: Care }
            definition: { en: Takes care. }
            weight: 1
            anchors:
              - { level: 1, text: { en: Does nothing. } }
              - { level: 2, text: { en: Does little. } }
              - { level: 3, text: { en: Does enough. } }
              - { level: 4, text: { en: Does much. } }
              - { level: 5, text: { en: Does everything. } }

        """;

    /// <summary>The plan with its first <paramref name="old"/> replaced.</summary>
    public static string With(string old, string replacement)
    {
        var at = Yaml.IndexOf(old, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, $"'{old}' is not in the small plan");
        return Yaml[..at] + replacement + Yaml[(at + old.Length)..];
    }
}
