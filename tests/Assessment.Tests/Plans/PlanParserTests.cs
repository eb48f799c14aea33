using System.Diagnostics;
using System.Text;
using MediaScore.Assessment.Plans;

namespace MediaScore.Assessment.Tests.Plans;

public sealed class PlanParserTests
{
    [Fact]
    public void A_whole_plan_is_read_with_its_defaults()
    {
        var plan = PlanParser.Parse(SmallPlan.Yaml).Plan.ShouldNotBeNull();

        plan.Id.ShouldBe("small");
        plan.Stages.Select(s => (s.Id, s.Mode, s.Next)).ShouldBe([("first", AnswerMode.Voice, "second"), ("second", AnswerMode.Text, null)]);
        plan.FindQuestion("why")!.TimeLimit.ShouldBe(TimeSpan.FromSeconds(60));
        plan.FindQuestion("why")!.Rerecords.ShouldBe(1);
        plan.FindQuestion("how")!.Rerecords.ShouldBe(0);
        plan.FindQuestion("how")!.Competencies.ShouldBe([new QuestionCompetency("care", 2)]);
        plan.FindCompetency("care")!.DeliveryShare.ShouldBe(0);
        plan.FindCompetency("care")!.Anchors.Select(a => a.Level).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Theory]
    [InlineData("version: 1", "version: 1\nverison: 2", "verison", 3, "Did you mean 'version'?")]
    [InlineData("rerecords: 1", "rerecrods: 1", "stages[0].questions[0].rerecrods", 13, "Did you mean 'rerecords'?")]
    [InlineData("id: small", "id: Small Plan", "id", 1, "is no id")]
    [InlineData("version: 1\n", "", "version", 1, "'version' is missing")]
    [InlineData("version: 1", "version: one", "version", 2, "'one' is not a whole number")]
    [InlineData("version: 1", "version: 0", "version", 2, "allowed are 1 to 1000000")]
    [InlineData("version: 1", "version: \"1\"", "version", 2, "without quotes")]
    [InlineData("languages: [en]", "languages: [en, zh]", "title.zh", 4, "The text in 'zh' is missing")]
    [InlineData("languages: [en]", "languages: [en, en]", "languages[1]", 3, "second time")]
    [InlineData("languages: [en]", "languages: [english]", "languages[0]", 3, "is no language")]
    [InlineData("languages: [en]", "languages: []", "languages", 3, "1 to 8 are allowed")]
    [InlineData("title: { en: Small }", "title: { en: Small, fr: Petit }", "title.fr", 4, "not among the plan's languages")]
    [InlineData("title: { en: Small }", "title: { en: '' }", "title.en", 4, "Is empty")]
    [InlineData("title: { en: Small }", "title: Small", "title", 4, "one text a language")]
    [InlineData("mode: voice", "mode: vidoe", "stages[0].mode", 8, "Did you mean 'video'?")]
    [InlineData("mode: voice", "mode: voice\n    next: first", "stages[0].next", 9, "first -> first")]
    [InlineData("mode: text", "mode: text\n    next: first", "stages[1].next", 18, "first -> second -> first")]
    [InlineData("mode: text", "mode: text\n    next: frist", "stages[1].next", 18, "Did you mean 'first'?")]
    [InlineData("mode: voice", "mode: voice\n    next: end", "stages[1]", 16, "never reached")]
    [InlineData("- id: second", "- id: first", "stages[1].id", 15, "A second stage is called 'first'")]
    [InlineData("- id: second", "- id: end", "stages[1].id", 15, "No stage can be called 'end'")]
    [InlineData("- id: how", "- id: why", "stages[1].questions[0].id", 19, "A second question is called 'why'")]
    [InlineData("timeLimitSeconds: 60", "timeLimitSeconds: 5", "stages[0].questions[0].timeLimitSeconds", 12, "allowed are 10 to 3600")]
    [InlineData("rerecords: 1", "rerecords: 9", "stages[0].questions[0].rerecords", 13, "allowed are 0 to 5")]
    [InlineData("competencies: [care]", "competencies: [cares]", "stages[0].questions[0].competencies[0]", 14, "Did you mean 'care'?")]
    [InlineData("competencies: [care]", "competencies: [care, care]", "stages[0].questions[0].competencies[1]", 14, "second time")]
    [InlineData("competencies: [care]", "competencies: []", "stages[0].questions[0].competencies", 14, "1 to 5 are allowed")]
    [InlineData("weight: 2", "weight: 0", "stages[1].questions[0].competencies[0].weight", 22, "must be above 0")]
    [InlineData("    weight: 1", "    weight: -1", "competencies[0].weight", 27, "allowed are 0 to 100")]
    [InlineData("    weight: 1", "    weight: .nan", "competencies[0].weight", 27, "is not a number")]
    [InlineData("    weight: 1", "    deliveryShare: 0.5", "competencies[0].deliveryShare", 27, "allowed are 0 to 0.2")]
    [InlineData("      - { level: 3, text: { en: Does enough. } }\n", "", "competencies[0].anchors", 29, "Level 3 has no anchor")]
    [InlineData("{ level: 3,", "{ level: 4,", "competencies[0].anchors[3].level", 32, "described for the second time")]
    [InlineData("{ level: 3,", "{ level: 6,", "competencies[0].anchors[2].level", 31, "allowed are 1 to 5")]
    [InlineData("{ level: 5, text: { en: Does everything. } }", "{ level: 5 }", "competencies[0].anchors[4].text", 33, "'text' is missing")]
    [InlineData("version: 1", "version: 1\nversion: 2", "version", 3, "second time (first on line 2)")]
    public void A_fault_is_named_with_path_line_and_cure(string old, string replacement, string path, int line, string message)
    {
        var result = PlanParser.Parse(SmallPlan.With(old, replacement));

        result.IsValid.ShouldBeFalse();
        var error = result.Errors.FirstOrDefault(e => e.Path == path);
        error.ShouldNotBeNull($"found instead: {string.Join(" | ", result.Errors)}");
        error.Line.ShouldBe(line);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void All_faults_are_named_at_once_in_order_of_line()
    {
        var yaml = SmallPlan.Yaml
            .Replace("version: 1", "version: x", StringComparison.Ordinal)
            .Replace("mode: voice", "mode: radio", StringComparison.Ordinal)
            .Replace("competencies: [care]", "competencies: [unknown]", StringComparison.Ordinal)
            .Replace("level: 5", "level: 9", StringComparison.Ordinal);

        var errors = PlanParser.Parse(yaml).Errors;

        errors.Select(e => e.Path).ShouldBe(
            ["version", "stages[0].mode", "stages[0].questions[0].competencies[0]", "competencies[0].anchors", "competencies[0].anchors[4].level"]);
        errors.Select(e => e.Line).ShouldBe(errors.Select(e => e.Line).Order());
    }

    [Fact]
    public void A_competency_that_no_question_shows_is_named()
    {
        var spare = SmallPlan.Yaml[SmallPlan.Yaml.IndexOf("  - id: care", StringComparison.Ordinal)..].Replace("id: care", "id: spare", StringComparison.Ordinal);

        var error = PlanParser.Parse(SmallPlan.Yaml + spare).Errors.ShouldHaveSingleItem();

        error.Path.ShouldBe("competencies[1]");
        error.Message.ShouldContain("No question shows 'spare'");
    }

    [Fact]
    public void Stages_are_played_in_the_order_of_next()
    {
        var yaml = SmallPlan.With("mode: voice", "mode: voice\n    next: end");
        yaml = yaml.Replace("  - id: first", "  - id: second-of-file", StringComparison.Ordinal).Replace("  - id: second\n", "  - id: later\n", StringComparison.Ordinal);
        var first = """
              - id: opening
                title: { en: Opening }
                mode: video
                next: later
                questions:
                  - { id: what, text: { en: What? }, timeLimitSeconds: 30, competencies: [care] }

            """;
        yaml = yaml.Replace("stages:\n", "stages:\n" + first, StringComparison.Ordinal)
            .Replace("mode: text", "mode: text\n    next: second-of-file", StringComparison.Ordinal);

        var plan = PlanParser.Parse(yaml).Plan.ShouldNotBeNull();

        plan.Stages.Select(s => s.Id).ShouldBe(["opening", "later", "second-of-file"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    public void An_empty_document_says_so(string yaml) =>
        PlanParser.Parse(yaml).Errors.ShouldHaveSingleItem().Message.ShouldContain("empty");

    [Fact]
    public void Broken_yaml_names_its_line()
    {
        var error = PlanParser.Parse("id: small\nversion: [1\nlanguages: [en]\n").Errors.ShouldHaveSingleItem();

        error.Message.ShouldContain("Not valid YAML");
        error.Line.ShouldBeInRange(2, 4);
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_once()
    {
        var yaml = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 20; i++)
            yaml.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        var started = Stopwatch.GetTimestamp();

        var error = PlanParser.Parse(yaml.ToString()).Errors.ShouldHaveSingleItem();

        error.Message.ShouldContain("anchors and aliases");
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        PlanParser.Parse("id: " + new string('[', 2_000)).Errors.ShouldHaveSingleItem().Message.ShouldContain("Nested deeper");

    [Fact]
    public void A_tag_is_refused() =>
        PlanParser.Parse(SmallPlan.With("id: small", "id: !!binary small")).Errors.ShouldHaveSingleItem().Message.ShouldContain("tags are not supported");

    [Fact]
    public void A_second_document_is_named() =>
        PlanParser.Parse(SmallPlan.Yaml + "---\nid: other\n").Errors.ShouldHaveSingleItem().Message.ShouldContain("second YAML document");

    [Fact]
    public void A_plan_over_256_KiB_is_refused_unread()
    {
        var error = PlanParser.Parse(SmallPlan.Yaml + "# " + new string('x', PlanParser.MaxBytes)).Errors.ShouldHaveSingleItem();

        error.Message.ShouldContain("at most 262144 are allowed");
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named() =>
        PlanParser.Parse([0x69, 0x64, 0x3A, 0x20, 0xC3, 0x28]).Errors.ShouldHaveSingleItem().Message.ShouldContain("not UTF-8");

    [Fact]
    public void More_than_50_questions_are_refused()
    {
        var questions = string.Concat(Enumerable.Range(0, 51).Select(i => $"      - {{ id: q{i}, text: {{ en: Why? }}, timeLimitSeconds: 60, competencies: [care] }}\n"));
        var yaml = SmallPlan.With("      - id: why\n", questions + "      - id: why\n");

        PlanParser.Parse(yaml).Errors.ShouldContain(e => e.Path == "stages" && e.Message.Contains("53 questions", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_the_bytes_are_the_parser_answers_with_errors_or_a_plan()
    {
        // Seeded: a failure repeats. Each round damages the small plan in a few places.
        var random = new Random(20_260_301);
        var source = Encoding.UTF8.GetBytes(SmallPlan.Yaml);
        const string Spice = "{}[]:,&*!|>'\"%@`#-?\t\n \\~é中";
        for (var round = 0; round < 3_000; round++)
        {
            var text = new StringBuilder(SmallPlan.Yaml[..random.Next(1, source.Length)]);
            for (var change = 0; change < 4; change++)
                text[random.Next(text.Length)] = Spice[random.Next(Spice.Length)];

            var result = PlanParser.Parse(text.ToString());

            (result.Plan is null).ShouldBe(result.Errors.Count > 0, $"round {round}");
        }
    }
}
