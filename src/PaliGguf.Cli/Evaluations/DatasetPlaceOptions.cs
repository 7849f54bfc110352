using System.CommandLine;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Parquet;

namespace PaliGguf.Cli.Evaluations;

/// <summary>The options that say where a data set's parts are.</summary>
internal sealed class DatasetPlaceOptions
{
    private readonly PathOption _images =
        new("--images") { Description = "The folder with the pictures. Default: that of the file.", HelpName = "DIR" };
    private readonly PathOption _annotations =
        new("--annotations") { Description = "The answers, where the data set has the questions alone (VQAv2).", HelpName = "FILE" };
    private readonly Option<string?> _split =
        new("--split") { Description = "The part of a folder: valid, test or train. Default: the first of these.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_images, _annotations, _split]) command.Add(option);
    }

    public DatasetOptions Read(ParseResult parse) => new()
    {
        Images = parse.GetValue(_images),
        Annotations = parse.GetValue(_annotations),
        Split = parse.GetValue(_split),
        Formats = [new ParquetFormat()],
    };
}
