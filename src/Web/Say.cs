using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace MediaScore.Web;

/// <summary>
/// An element whose text is a text of the page. It carries the key (<c>data-t</c>), so that a script can put it into the other language without loading the page
/// again: nobody loses a running answer by asking for it.
/// </summary>
public sealed class Say : ComponentBase
{
    [CascadingParameter]
    public required PageTexts Texts { get; set; }

    /// <summary>Key of the text.</summary>
    [Parameter]
    [EditorRequired]
    public required string Key { get; set; }

    /// <summary>Name of the element. Default <c>span</c>.</summary>
    [Parameter]
    public string As { get; set; } = "span";

    /// <summary>Its attributes.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, As);
        builder.AddMultipleAttributes(1, Attributes!);
        builder.AddAttribute(2, "data-t", Key);
        builder.AddContent(3, Texts[Key]);
        builder.CloseElement();
    }
}
