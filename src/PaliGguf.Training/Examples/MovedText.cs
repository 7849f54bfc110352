using System.Collections.Immutable;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Training.Examples;

/// <summary>Prompts and answers for a view of a picture: boxes and masks are those that are seen there.</summary>
/// <param name="masks">Writes masks; null for boxes alone.</param>
internal sealed class MovedText(MaskEncoder? masks)
{
    /// <summary>Why an answer can not be told of another view; null where it can.</summary>
    public static string? Obstacle(TrainingExample example)
    {
        if (example.Objects is not null) return null;
        if (example.Answer.Contains("<seg", StringComparison.Ordinal)) return "its masks are tokens, which can not be mirrored or cropped";
        bool isUnknown = example.Answer.Contains("<loc", StringComparison.Ordinal)
            && InstanceAnswer.Parse(example.Answer, masks: false).Rejected.Length > 0;
        return isUnknown ? "it has location tokens that are in no box" : null;
    }

    /// <summary>Prompt and answer for a view.</summary>
    /// <param name="example">The example.</param>
    /// <param name="view">What is seen.</param>
    /// <param name="size">The whole picture's size.</param>
    /// <returns>Null where nothing is left of what is asked for.</returns>
    public (string Prompt, string Answer)? Of(TrainingExample example, PictureView view, PictureSize size)
    {
        if (example.Objects is { } objects) return Of(example, objects, view);
        if (!example.Answer.Contains("<loc", StringComparison.Ordinal)) return (example.Prompt, example.Answer);
        ImmutableArray<AnsweredInstance> all = InstanceAnswer.Parse(example.Answer, masks: false).Instances;
        string[] seen =
        [
            .. from instance in all
               let box = view.Of(instance.Box.ToPixels(size.Width, size.Height))
               where box is not null
               select InstanceSuffix.Of(box.Value.ToNormalized(view.Width, view.Height), label: instance.Label),
        ];
        return seen.Length == 0 ? null : (example.Prompt, InstanceSuffix.Join(seen));
    }

    private (string Prompt, string Answer)? Of(TrainingExample example, ExampleObjects objects, PictureView view)
    {
        ExpectedObject[] seen = [.. objects.All.Select(each => Of(each, objects.Size, view)).OfType<ExpectedObject>()];
        InstanceText text = InstanceText.Of(seen, new PictureSize(view.Width, view.Height), masks);
        string prompt = objects.Prompt ?? text.Prefix;
        bool isLost = text.Suffix.Length == 0 && example.Answer.Length > 0;
        return isLost || prompt.Length == 0 ? null : (prompt, text.Suffix);
    }

    private ExpectedObject? Of(ExpectedObject each, PictureSize size, PictureView view)
    {
        CocoBox box = each.Box;
        PixelBox whole = new((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height));
        if (view.Of(whole) is not { } seen) return null;
        return each with
        {
            Box = new CocoBox(seen.XMin, seen.YMin, seen.Width, seen.Height),
            Mask = masks is not null && each.Mask is { } mask && mask.Width == size.Width && mask.Height == size.Height
                ? ObjectMask.Of(view.Of(mask.ToBitmap()).ToRunLengths())
                : null,
        };
    }
}
