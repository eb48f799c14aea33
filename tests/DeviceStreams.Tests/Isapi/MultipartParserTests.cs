using System.Text;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class MultipartParserTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, 300).Select(i => (byte)(i * 7)), .. "\r\n--B\r\n{"u8, 0xFF, 0xD9];

    [Fact]
    public void A_whole_JSON_part_is_handed_out_before_the_next_delimiter_has_come()
    {
        var parser = new MultipartParser("B");

        parser.Append("--B\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"a\":\"}\\\"{\"}"u8);

        Encoding.UTF8.GetString(parser.TryRead().ShouldNotBeNull().Body).ShouldBe("{\"a\":\"}\\\"{\"}");
        parser.TryRead().ShouldBeNull();
    }

    [Fact]
    public void A_whole_XML_part_is_handed_out_before_the_next_delimiter_has_come()
    {
        var parser = new MultipartParser("B");

        parser.Append("--B\nContent-Type: text/xml\n\n<?xml version=\"1.0\"?>\n<a x='1'><b>1</b></a >"u8);

        parser.TryRead().ShouldNotBeNull().Kind.ShouldBe(PartKind.Xml);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4_000)]
    [InlineData(-5)]
    public void A_picture_with_a_delimiter_inside_is_whole_by_its_length_and_ends_at_the_delimiter_where_that_lies(int error)
    {
        var (parser, jpeg) = (new MultipartParser("B"), error == 0 ? Jpeg : [.. Jpeg[..200], 0xFF, 0xD9]);
        parser.Append(Encoding.ASCII.GetBytes($"--B\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length + error}\r\n\r\n"));
        parser.Append(jpeg);
        parser.Append("\r\n--B\r\nContent-Type: application/json\r\n\r\n{}"u8);

        parser.TryRead().ShouldNotBeNull().Body.ShouldBe(jpeg);
        parser.TryRead().ShouldNotBeNull().Kind.ShouldBe(PartKind.Json);
    }

    [Fact]
    public void One_line_break_belongs_to_the_delimiter_and_no_more()
    {
        var parser = new MultipartParser("B");
        byte[] picture = [0xFF, 0xD8, 0xFF, 0x0D, 0x0A, 0x00, 0x0D, 0x0A];

        parser.Append([.. "--B\r\nContent-Type: image/jpeg\r\n\r\n"u8, .. picture, .. "\r\n--B--\r\n"u8]);

        parser.TryRead().ShouldNotBeNull().Body.ShouldBe(picture);
    }

    [Fact]
    public void A_part_that_the_next_delimiter_cuts_is_said_to_be_cut_and_the_next_one_is_whole()
    {
        var parser = new MultipartParser("B");

        parser.Append("--B\r\n\r\n{\"a\":\"never closed\r\n--B\r\n\r\n{\"b\":2}\r\n"u8);

        parser.TryRead().ShouldNotBeNull().IsCut.ShouldBeTrue();
        var next = parser.TryRead().ShouldNotBeNull();
        (next.IsCut, Encoding.UTF8.GetString(next.Body)).ShouldBe((false, "{\"b\":2}"));
    }

    [Fact]
    public void Text_without_a_delimiter_is_given_up_and_no_more_than_a_mebibyte_of_it_is_held()
    {
        var parser = new MultipartParser("B");
        var chunk = new byte[4_096];
        chunk.AsSpan().Fill((byte)'x');

        for (var i = 0; i < 1_000 && parser.Fault is null; i++)
        {
            parser.Append(chunk);
            parser.TryRead().ShouldBeNull();
            parser.BufferedBytes.ShouldBeLessThan(MultipartParser.MaxTextBytes + (64 << 10));
        }

        parser.Fault.ShouldNotBeNull();
        parser.BufferedBytes.ShouldBe(0);
    }

    [Fact]
    public void A_text_part_that_never_ends_is_given_up()
    {
        var parser = new MultipartParser("B");
        parser.Append("--B\r\nContent-Type: application/json\r\n\r\n{\"a\":\""u8);
        var chunk = new byte[64 << 10];
        chunk.AsSpan().Fill((byte)'x');

        for (var i = 0; i < 40; i++)
        {
            parser.Append(chunk);
            parser.TryRead().ShouldBeNull();
        }

        parser.Fault.ShouldNotBeNull().ShouldContain("1048576");
    }

    [Fact]
    public void A_hundred_thousand_parts_in_one_body_take_no_longer_than_their_bytes()
    {
        var parser = new MultipartParser("B");
        var body = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
            body.Append("--B\r\n\r\n{\"a\r\n");
        parser.Append(Encoding.ASCII.GetBytes(body.ToString()));
        parser.Complete();

        var count = 0;
        while (parser.TryRead() is not null)
            count++;

        count.ShouldBe(100_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("b")]
    [InlineData("other")]
    public void The_delimiter_of_the_body_counts_where_the_header_names_none_or_another(string named)
    {
        var parser = new MultipartParser(named.Length == 0 ? null : named);
        parser.Append("--B\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--B--\r\n"u8);
        parser.Complete();

        parser.TryRead().ShouldNotBeNull().Kind.ShouldBe(PartKind.Json);
        parser.TryRead().ShouldBeNull();
    }

    [Fact]
    public void A_longer_word_that_begins_like_the_delimiter_is_none()
    {
        var parser = new MultipartParser("B");
        parser.Append("--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--Bee\r\n--B-\r\nworld\r\n--B\r\n"u8);

        Encoding.ASCII.GetString(parser.TryRead().ShouldNotBeNull().Body).ShouldBe("hello\r\n--Bee\r\n--B-\r\nworld");
    }
}
