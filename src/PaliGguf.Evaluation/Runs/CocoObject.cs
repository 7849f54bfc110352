namespace PaliGguf.Evaluation.Runs;

/// <summary>An object that was found in a picture, as COCO's programs know it.</summary>
/// <param name="Image">The picture's id.</param>
/// <param name="Category">Its category's id.</param>
/// <param name="Box">Left, top, width and height in pixels.</param>
/// <param name="Score">How sure the model is, 0 to 1.</param>
/// <param name="Mask">Its shape over the whole picture, run lengths as COCO's compressed text; null for the box alone.</param>
public sealed record CocoObject(
    string Image, string Category, IReadOnlyList<double> Box, double Score, (int Height, int Width, string Counts)? Mask);
