using System.Text;
using PaliGguf.Imaging.Drawing;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>Writes HTML, in which all text is text: whatever it contains, nothing of it becomes markup.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new("<!doctype html>\n");

    /// <summary>An element with what the call writes into it.</summary>
    public void Element(string name, Action content, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Begin(name, attributes);
        content();
        _html.Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element with a text.</summary>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Begin(name, attributes);
        Text(text);
        _html.Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element that has no end: meta, img.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string Value)> attributes) => Begin(name, attributes);

    /// <summary>A text, with its line breaks.</summary>
    public void Text(string text) => _html.AppendJoin('\n', text.Split('\n').Select(XmlText.Escape));

    /// <summary>A style sheet of ours.</summary>
    public void Style(string sheet) => _html.Append("<style>").Append(sheet).Append("</style>\n");

    public override string ToString() => _html.ToString();

    private void Begin(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _html.Append('<').Append(name);
        foreach ((string attribute, string value) in attributes)
        {
            _html.Append(' ').Append(attribute).Append("=\"").Append(XmlText.Escape(value)).Append('"');
        }

        _html.Append('>');
    }
}
