namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>Writes an answer with its pictures.</summary>
internal sealed class AnswerCard(HtmlWriter html, EvaluationReport report, AnswerPictures pictures)
{
    private const int LongestName = 200;
    private const int LongestText = 2000;
    private const int MostReferences = 10;

    public void Write(ReportedAnswer answer) => html.Element("figure", () =>
    {
        string name = Text.Short(answer.Item.Id, LongestName);
        html.Element("div", () =>
        {
            foreach (ShownPicture picture in pictures.Of(answer)) html.Element("div", () => Write(picture, name));
        }, ("class", "pictures"));
        html.Element("figcaption", () => html.Element("dl", () =>
        {
            Row("item", name);
            Row("prompt", answer.Entry.Prompt);
            Row("score", Numbers.Value(answer.Score));
            if (report.Against is { } against)
            {
                Row(report.Run.Name, Shown(answer.Entry), "run0");
                Row(against.Name, Shown(answer.Other!), "run1");
                if (answer.OtherScore is { } other) Row("its score", Numbers.Value(other));
            }
            else
            {
                Row("answer", Shown(answer.Entry), "answer");
            }

            IEnumerable<string> references = answer.Item.Expected.References.Distinct(StringComparer.Ordinal);
            foreach (string reference in references.Take(MostReferences)) Row("expected", reference);
        }));
    });

    private static string Shown(Journals.JournalEntry entry) => entry.Answer + (entry.Cut ? " ... (cut)" : "");

    private void Write(ShownPicture picture, string name)
    {
        if (picture.Address is { } address) html.Void("img", ("src", address), ("alt", $"{name} {picture.Caption}"));
        else html.Element("p", picture.Failure);
        if (picture.Caption.Length > 0) html.Element("p", picture.Caption);
    }

    private void Row(string name, string text, string kind = "")
    {
        html.Element("dt", Text.Short(name, LongestName), ("class", kind));
        html.Element("dd", Text.Short(text, LongestText), ("dir", "auto"), ("class", kind));
    }
}
