using PaliGguf.Evaluation.Datasets;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Training.Examples;

/// <summary>Objects in pictures as examples: all of a picture together, or those that a row's own prompt asks for.</summary>
/// <param name="masks">Writes their masks; null for boxes alone.</param>
/// <param name="leave">Told of where something stands that is left out, and why.</param>
internal sealed class InstanceExamples(MaskEncoder? masks, Action<string, string> leave)
{
    /// <summary>The examples of items that tell of objects.</summary>
    public IEnumerable<TrainingExample> Of(IEnumerable<EvaluationItem> items)
    {
        foreach (IGrouping<(string Picture, string? Prompt), EvaluationItem> group
            in items.GroupBy(item => (item.Picture.Name, item.Prompt)))
        {
            EvaluationItem first = group.First();
            if (first.Question is not null)
            {
                leave(first.Origin, "it refers to an object by an expression, which is no example here");
            }
            else if (first.Expected.Size is not { } size)
            {
                leave(first.Origin, "the picture has no 'width' and 'height', which boxes in pixels need");
            }
            else
            {
                ExpectedObject[] all = [.. group.SelectMany(item => item.Expected.Objects!)];
                InstanceText text = InstanceText.Of(all, size, masks);
                foreach (string reason in text.LeftOut) leave(first.Origin, reason);

                // A prompt that asks for something has an answer where there is none of it; of a picture without objects nothing is asked.
                string prompt = first.Prompt ?? text.Prefix;
                if (prompt.Length == 0) continue;
                yield return new TrainingExample(first.Picture, prompt, text.Suffix, first.Origin)
                {
                    Objects = new ExampleObjects(all, size, first.Prompt),
                };
            }
        }
    }
}
