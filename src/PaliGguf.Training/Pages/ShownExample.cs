using PaliGguf.Evaluation.Reports.Pages;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training.Pages;

/// <summary>A validation picture on the page, and what the model has answered up to now.</summary>
/// <param name="example">The example.</param>
/// <param name="masks">Draws masks of codewords; null for boxes alone.</param>
internal sealed class ShownExample(TrainingExample example, MaskDecoder? masks)
{
    private const int MostAnswers = 12;
    private const int LongestText = 2000;
    private const int LongestName = 200;

    private readonly List<(long Step, string Text)> _answers = [];
    private readonly ReportPicture? _picture = Load(example);
    private string? _expected, _answered;

    /// <summary>Whether an answer is one to this example.</summary>
    public bool IsOf(ShownAnswer answer) => answer.Image == Path.GetFileName(example.Picture.Name)
        && answer.Prompt == example.Prompt && answer.Reference == example.Answer;

    /// <summary>Adds an answer. The first and the last ones are kept.</summary>
    public void Add(long step, string answer)
    {
        if (_answers.Count == MostAnswers) _answers.RemoveAt(1);
        _answers.Add((step, answer));
        _answered = null;
    }

    /// <summary>Writes it.</summary>
    public void Write(HtmlWriter html) => html.Element("figure", () =>
    {
        string name = Text.Short(Path.GetFileName(example.Picture.Name), LongestName);
        html.Element("div", () =>
        {
            _expected ??= Draw(example.Answer);
            _answered ??= Draw(_answers.Count == 0 ? "" : _answers[^1].Text);
            if (_expected == _answered)
            {
                Write(html, name, _expected, "");
                return;
            }

            Write(html, name, _answered, "answered");
            Write(html, name, _expected, "expected");
        }, ("class", "pictures"));
        html.Element("figcaption", () => html.Element("dl", () =>
        {
            Row(html, "picture", name, "");
            Row(html, "prompt", example.Prompt, "");
            Row(html, "expected", example.Answer, "run1");
            foreach ((long step, string text) in _answers) Row(html, step == 0 ? "before" : $"step {step}", text, "run0");
        }));
    });

    private static ReportPicture? Load(TrainingExample example)
    {
        try
        {
            // Nothing waits for another thread here: scopes of tensors belong to this one.
            return ReportPicture.LoadAsync(example.Picture, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (ImageException)
        {
            return null;
        }
    }

    private string Draw(string text) => _picture?.ToAddress(ObjectDrawing.OfAnswer(text, _picture, masks)) ?? "";

    private static void Write(HtmlWriter html, string name, string address, string caption) => html.Element("div", () =>
    {
        if (address.Length > 0) html.Void("img", ("src", address), ("alt", $"{name} {caption}"));
        else html.Element("p", "the picture can not be read");
        if (caption.Length > 0) html.Element("p", caption);
    });

    private static void Row(HtmlWriter html, string name, string text, string kind)
    {
        html.Element("dt", name);
        html.Element("dd", Text.Short(text, LongestText), ("dir", "auto"), ("class", kind));
    }
}
