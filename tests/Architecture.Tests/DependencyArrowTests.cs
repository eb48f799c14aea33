using System.Xml.Linq;

namespace MediaScore.Architecture.Tests;

/// <summary>The arrows of the house (docs/decisions/0001): who may know whom. Read from the projects themselves, so a new reference fails here first.</summary>
public sealed class DependencyArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Protocol"] = [],
        ["Timeline"] = [],
        ["Keys"] = [],
        ["Inference"] = [],
        ["Codecs"] = [],
        ["WebRtc"] = [],
        ["Web"] = [],
        ["Perception"] = ["Inference"],
        ["Recording"] = ["Timeline", "Keys"],
        ["Assessment"] = ["Timeline"],
        ["Pipelines"] = ["Perception", "Inference", "Codecs", "Recording", "Timeline", "Keys"],
        ["Storage"] = ["Assessment", "Timeline"],
        ["DeviceStreams"] = ["Perception", "Inference", "Codecs", "Keys", "Storage", "Protocol"],
        ["MediaServer"] = ["Protocol", "Timeline", "Keys", "Inference", "Codecs", "Perception", "Recording", "Assessment", "Pipelines", "Storage", "DeviceStreams", "WebRtc", "Web"],
    };

    [Fact]
    public void Every_source_project_is_in_the_table_of_arrows() =>
        Repository.SourceProjects().Keys.Order().ShouldBe(Allowed.Keys.Order());

    [Fact]
    public void No_project_references_another_that_the_table_does_not_allow()
    {
        var wrong = from project in Repository.SourceProjects()
                    from reference in XDocument.Load(project.Value).Descendants("ProjectReference")
                    let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
                    where !Allowed[project.Key].Contains(target)
                    select $"{project.Key} -> {target}";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void No_assembly_uses_types_of_another_that_the_table_does_not_allow()
    {
        var wrong = new List<string>();
        foreach (var (name, allowed) in Allowed)
        {
            var assembly = Repository.LoadAssembly(name);
            wrong.AddRange(
                from reference in assembly.GetReferencedAssemblies()
                where reference.Name?.StartsWith("MediaScore.", StringComparison.Ordinal) == true
                let target = reference.Name!["MediaScore.".Length..]
                where !allowed.Contains(target)
                select $"{name} -> {target}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void The_arrows_have_no_cycle()
    {
        var levels = new Dictionary<string, int>(StringComparer.Ordinal);
        while (levels.Count < Allowed.Count)
        {
            var ready = Allowed.Where(p => !levels.ContainsKey(p.Key) && p.Value.All(levels.ContainsKey)).Select(p => p.Key).ToList();
            ready.ShouldNotBeEmpty("the projects left reference each other in a circle: " + string.Join(", ", Allowed.Keys.Except(levels.Keys)));
            foreach (var name in ready)
                levels[name] = Allowed[name].Select(d => levels[d] + 1).DefaultIfEmpty(0).Max();
        }

        levels["MediaServer"].ShouldBe(levels.Values.Max());
    }
}
