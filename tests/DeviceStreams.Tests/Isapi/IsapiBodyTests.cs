using System.Text;
using System.Xml.Linq;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class IsapiBodyTests
{
    [Fact]
    public void JSON_and_XML_give_the_same_tree()
    {
        var json = Read("""{"DeviceInfo":{"model":"X","list":[{"a":"1"},{"a":2}],"flag":true,"none":null}}""")!["DeviceInfo"]!;
        var xml = Read("""<DeviceInfo xmlns="urn:any"><model> X </model><list><a>1</a></list><list><a>2</a></list><flag>true</flag><none/></DeviceInfo>""")!["deviceinfo"]!;

        foreach (var node in new[] { json, xml })
        {
            node.TextOf("Model").ShouldBe("X");
            node.All("list").Select(item => item.NumberOf("a")).ShouldBe([1, 2]);
            node.FlagOf("flag").ShouldBe(true);
            node.TextOf("none").ShouldBeEmpty();
            node.TextOf("missing").ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><lolz>&lol2;</lolz>")]
    public void A_document_type_is_not_read(string xml) => IsapiBody.TryRead(Encoding.UTF8.GetBytes(xml), out var fault).ShouldBeNull(fault);

    [Fact]
    public void An_entity_that_nobody_declared_is_text()
    {
        Read("<a>&e; &amp; &#65;&#x42; & &lt;</a>")!.TextOf("a").ShouldBe("&e; & AB & <");
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('<')]
    public void Nesting_without_end_is_refused(char open)
    {
        var text = open switch
        {
            '[' => new string('[', 100_000),
            '{' => string.Concat(Enumerable.Repeat("{\"a\":", 100_000)),
            _ => string.Concat(Enumerable.Repeat("<a>", 100_000)),
        };

        IsapiBody.TryRead(Encoding.UTF8.GetBytes(text), out var fault).ShouldBeNull();
        fault.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_body_of_nothing_but_elements_is_refused_before_it_fills_the_memory()
    {
        IsapiBody.TryRead(Encoding.UTF8.GetBytes("{\"a\":[" + string.Join(',', Enumerable.Repeat("1", 500_000)) + "]}"), out var fault).ShouldBeNull();
        fault.ShouldContain("20000");
        IsapiBody.TryRead(Encoding.UTF8.GetBytes("<r>" + string.Concat(Enumerable.Repeat("<a/>", 500_000)) + "</r>"), out fault).ShouldBeNull();
        fault.ShouldContain("20000");
    }

    [Fact]
    public void Text_that_is_no_UTF_8_is_Latin_1_and_control_characters_are_blanks()
    {
        byte[] body = [.. "{\"name\":\"B"u8, 0xE9, .. "la"u8, 0x00, 0x07, .. "x\"}"u8];

        IsapiBody.TryRead(body, out _)!.TextOf("name").ShouldBe("Béla  x");
    }

    [Fact]
    public void What_stands_before_and_behind_the_root_is_nobodys()
    {
        Read("<?xml version=\"1.0\"?>\\n\n<!-- x --><a><b>1</b></a> trailing <c>")!["a"]!.TextOf("b").ShouldBe("1");
    }

    [Fact]
    public void What_is_written_back_is_read_as_it_was_written_and_not_at_all_where_that_is_impossible()
    {
        IsapiXml.TryReadElement("<?xml version=\"1.0\"?>\\n<a xmlns=\"urn:x\" v=\"2\"><b> 1 & 2 </b> <c/></a> trailing <d>").ShouldNotBeNull()
            .ToString(SaveOptions.DisableFormatting).ShouldBe("<a xmlns=\"urn:x\" v=\"2\"><b> 1 &amp; 2 </b><c /></a>");
        IsapiXml.TryReadElement("<a>&#7;</a>").ShouldBeNull();
        IsapiXml.TryReadElement("<a>").ShouldBeNull();
        IsapiXml.TryReadElement("{\"a\":1}").ShouldBeNull();
        Read("<a>&#7;</a>").ShouldNotBeNull();
    }

    [Fact]
    public void Several_values_are_read_one_after_another_up_to_the_one_that_is_broken()
    {
        var values = IsapiBody.ReadAll("{\"a\":1}\r\n{\"a\":2} {\"a\":"u8, out var fault);

        values.Select(value => value.NumberOf("a")).ShouldBe([1, 2]);
        fault.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_name_that_is_too_long_is_cut_between_characters()
    {
        DeviceText.Clean("ab\uD83D\uDE00cd", 3).ShouldBe("ab");
        DeviceText.Clean("ab\uD83D\uDE00c\ud800d", 9).ShouldBe("ab\uD83D\uDE00c\uFFFDd");
        DeviceText.FitUtf8("aé😀b", 3).ShouldBe("aé");
        DeviceText.FitUtf8("aé😀b", 7).ShouldBe("aé😀");
        DeviceText.Clean(" a\0b\n ", 10).ShouldBe("ab");
    }

    private static IsapiNode? Read(string text) => IsapiBody.TryRead(Encoding.UTF8.GetBytes(text), out _);
}
