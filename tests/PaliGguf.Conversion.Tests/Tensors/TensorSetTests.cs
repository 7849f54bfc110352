using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class TensorSetTests
{
    [Fact]
    public void A_set_that_is_taken_completely_is_fine()
    {
        TensorSet set = Set(("language_model.model.norm.weight", [2], ElementType.F32), ("lm_head.weight", [3, 2], ElementType.BF16), ("vision_tower.vision_model.head.probe", [9], ElementType.F32));
        Assert.NotNull(set.Take("text.norm.weight", 2));
        Assert.NotNull(set.TakeHead());
        set.Complete();
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        TensorSet set = Set(
            ("language_model.model.a.weight", [2, 3], ElementType.F32),
            ("language_model.model.b.weight", [2], ElementType.I8),
            ("language_model.model.d.weight", [1], ElementType.F32),
            ("other\nname", [1], ElementType.F32));
        Assert.Null(set.Take("text.a.weight", 3, 2));
        Assert.Null(set.Take("text.b.weight", 2));
        Assert.Null(set.Take("text.c.weight", 2));

        OneLineError.Check(
            set.Complete,
            "folder: ",
            "1 missing, 2 unfit, 2 surplus",
            "missing language_model.model.c.weight",
            "language_model.model.a.weight is [2, 3], expected [3, 2]",
            "language_model.model.b.weight is I8",
            "surplus language_model.model.d.weight",
            "surplus other?name");
    }

    [Fact]
    public void A_long_list_ends_with_a_count()
    {
        TensorSet set = Set();
        for (int i = 0; i < 25; i++) set.Take($"text.layers.{i}.weight", 1);
        OneLineError.Check(set.Complete, "25 missing", "layers.9.weight; and 15 more");
    }

    [Fact]
    public void Missing_tensors_are_spelled_as_the_checkpoint_spells_its_names()
    {
        TensorSet set = Set(("model.language_model.norm.weight", [1], ElementType.F32));
        set.Take("text.norm.weight", 1);
        set.Take("vision.post_layernorm.weight", 1);
        OneLineError.Check(set.Complete, "missing model.vision_tower.vision_model.post_layernorm.weight");
    }

    [Fact]
    public void One_tensor_under_the_names_of_both_generations_is_surplus()
    {
        TensorSet set = Set(("language_model.model.norm.weight", [1], ElementType.F32), ("model.language_model.norm.weight", [1], ElementType.F32));
        set.Take("text.norm.weight", 1);
        OneLineError.Check(set.Complete, "1 surplus", "model.language_model.norm.weight");
    }

    private static TensorSet Set(params (string Name, long[] Shape, ElementType Type)[] tensors) =>
        new(new MemoryCheckpoint(tensors), TensorNames.Of(tensors.Select(tensor => tensor.Name)));

    private sealed class MemoryCheckpoint((string Name, long[] Shape, ElementType Type)[] tensors) : Checkpoint("folder")
    {
        public override IReadOnlyDictionary<string, SourceTensor> Tensors { get; } = tensors.ToDictionary(
            tensor => tensor.Name, tensor => (SourceTensor)new MemoryTensor(tensor.Shape, name: tensor.Name, type: tensor.Type), StringComparer.Ordinal);

        public override void Dispose()
        {
        }
    }
}
