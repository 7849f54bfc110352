using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tasks;

/// <summary>An instance of an answer, before it is told where it lies in a picture.</summary>
/// <param name="Source">What the answer says of it.</param>
/// <param name="Score">How sure the model is of it.</param>
/// <param name="Tokens">Which of the answer's tokens say so.</param>
internal sealed record FoundInstance(AnsweredInstance Source, float Score, Range Tokens)
{
    public string Label => Source.Label;

    public NormalizedBox Box { get; } = Source.Box;

    public Detection ToDetection(RgbImage image) => new()
    {
        Label = Label,
        Box = Box.ToPixels(image.Width, image.Height),
        NormalizedBox = Box,
        Score = Score,
        Tokens = Tokens,
    };

    public Segment ToSegment(RgbImage image, MaskDecoder decoder)
    {
        PixelBox box = Box.ToPixels(image.Width, image.Height);
        return new Segment
        {
            Label = Label,
            Box = box,
            NormalizedBox = Box,
            Score = Score,
            Tokens = Tokens,
            Mask = new Mask(decoder.Decode(Source.Codewords.AsSpan()), box, image.Width, image.Height),
        };
    }
}
