using PaliGguf.Evaluation.Datasets;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Examples;

/// <summary>Changes examples by random numbers that follow from the step alone, so that a run that is continued sees the same.</summary>
/// <param name="settings">How.</param>
/// <param name="seed">Of the random numbers.</param>
/// <param name="text">Moves prompts and answers.</param>
/// <param name="tokenizer">Makes their tokens.</param>
internal sealed class Augmenter(Augmentation settings, long seed, MovedText text, ExampleTokenizer tokenizer)
{
    private const long Purpose = 0x4155_474D;

    /// <summary>An example as a step sees it. A crop that would leave nothing of what is asked for is not made.</summary>
    /// <param name="loaded">The example, with its picture.</param>
    /// <param name="step">The step.</param>
    /// <param name="place">Its place in the step.</param>
    public LoadedExample Change(LoadedExample loaded, long step, int place)
    {
        Random random = new((int)(RandomNumbers.Mix(RandomNumbers.Mix(RandomNumbers.Mix(seed, Purpose), step), place) & int.MaxValue));
        RgbImage picture = loaded.Picture!;
        bool isMirrored = random.NextDouble() < settings.Flip;
        double side = Math.Sqrt(1 - ((1 - settings.LeastCrop) * random.NextDouble()));
        PictureView part = Part(picture, side, random.NextDouble(), random.NextDouble(), isMirrored);
        double[] factors = [.. Enumerable.Range(0, 3).Select(_ => 1 + (settings.Color * ((2 * random.NextDouble()) - 1)))];
        LoadedExample moved = settings.Moves ? Move(loaded, part) : loaded;
        return settings.Color == 0 ? moved : moved with { Picture = Colour(moved.Picture!, factors[0], factors[1], factors[2]) };
    }

    private LoadedExample Move(LoadedExample loaded, PictureView part)
    {
        TrainingExample example = loaded.Example;
        RgbImage picture = loaded.Picture!;
        PictureSize size = new(picture.Width, picture.Height);

        // Boxes in pixels of another picture can not be moved with this one.
        if (example.Objects is { } objects && objects.Size != size) return loaded;
        PictureView whole = new(0, 0, picture.Width, picture.Height, part.IsMirrored);
        foreach (PictureView view in (PictureView[])[part, whole])
        {
            if (text.Of(example, view, size) is not ({ } prompt, { } answer)) continue;
            TrainingExample seen = example with { Prompt = prompt, Answer = answer, Tokens = tokenizer.Tokenize(prompt, answer) };
            return loaded with { Example = seen, Picture = view.Of(picture) };
        }

        return loaded;
    }

    private static PictureView Part(RgbImage picture, double side, double across, double down, bool isMirrored)
    {
        int width = Math.Max(1, (int)Math.Round(picture.Width * side));
        int height = Math.Max(1, (int)Math.Round(picture.Height * side));
        return new PictureView(
            (int)(across * (picture.Width - width + 1)), (int)(down * (picture.Height - height + 1)), width, height, isMirrored);
    }

    private static RgbImage Colour(RgbImage picture, double brightness, double contrast, double saturation)
    {
        const double Middle = 127.5;
        ReadOnlySpan<byte> source = picture.Pixels;
        byte[] coloured = new byte[source.Length];
        for (int i = 0; i < source.Length; i += 3)
        {
            // ITU-R BT.601, as pictures are stored.
            double luma = (0.299 * source[i]) + (0.587 * source[i + 1]) + (0.114 * source[i + 2]);
            for (int channel = 0; channel < 3; channel++)
            {
                double value = luma + ((source[i + channel] - luma) * saturation);
                value = Middle + (((value * brightness) - Middle) * contrast);
                coloured[i + channel] = (byte)Math.Clamp(Math.Round(value), 0, byte.MaxValue);
            }
        }

        return new RgbImage(picture.Width, picture.Height, coloured);
    }
}
