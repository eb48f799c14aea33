using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace MediaScore.Assessment.Reports;

/// <summary>
/// Writes HTML. Every value in an interpolated text is encoded, so a candidate's words can never become markup; only <see cref="Markup"/> passes as it is.
/// </summary>
internal sealed class HtmlBuilder
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new();

    public HtmlBuilder Add([InterpolatedStringHandlerArgument("")] ref Handler markup) => this;

    public HtmlBuilder Add(Markup markup)
    {
        _text.Append(markup.Html);
        return this;
    }

    /// <summary>A piece of markup that goes into other markup.</summary>
    public static Markup Piece(Action<HtmlBuilder> write)
    {
        var html = new HtmlBuilder();
        write(html);
        return new Markup(html.ToString());
    }

    public override string ToString() => _text.ToString();

    /// <summary>Receives the pieces of an interpolated text: literals as they are, values encoded.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount, HtmlBuilder html)
        {
            _text = html._text;
            _text.EnsureCapacity(_text.Length + literalLength + (formattedCount * 16));
        }

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(string? value) => _text.Append(Encoder.Encode(value ?? ""));

        public void AppendFormatted(Markup value) => _text.Append(value.Html);

        public void AppendFormatted(long value) => _text.Append(value);

        public void AppendFormatted(double value, string format) => _text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }
}

/// <summary>HTML that is safe already.</summary>
internal readonly record struct Markup(string? Html);
