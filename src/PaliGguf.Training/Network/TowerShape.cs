using PaliGguf.Gguf;
using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;
using PaliGguf.Vision;

namespace PaliGguf.Training.Network;

/// <summary>The sizes of a tower.</summary>
/// <param name="Layout">What the file tells.</param>
/// <param name="FeedForwardLength">The inner length of its MLPs without the zeros that conversion pads them with.</param>
internal sealed record TowerShape(VisionLayout Layout, long FeedForwardLength)
{
    /// <summary>The tensors of an MLP's two products by their names in GGUF; some files have them exchanged.</summary>
    public (string Up, string Down) Names => Layout.SwappedFeedForward ? ("ffn_down", "ffn_up") : ("ffn_up", "ffn_down");

    /// <summary>Reads the shape of a checked file.</summary>
    public static TowerShape Read(WeightFile file)
    {
        VisionLayout layout = VisionLayout.Read(file.File);
        TowerShape padded = new(layout, layout.FeedForwardLength);
        GgufTensor up = file.File.GetTensor($"v.blk.0.{padded.Names.Up}.weight");
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = WeightFile.Allocate(up, ScalarType.Float32);
        file.Fill(up, 0, rows);
        long length = rows.abs().sum(1).nonzero().max().Element<long>() + 1;
        return padded with { FeedForwardLength = length };
    }
}
