using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Conversion.Tests.Tensors;

namespace PaliGguf.Conversion.Tests.Quantization;

public sealed class TypeRecipeTests
{
    [Theory]
    [InlineData(ModelFileType.Q4_K_M, "blk.3.attn_v.weight", GgmlType.Q4_K)]
    [InlineData(ModelFileType.Q4_K_M, "blk.5.attn_v.weight", GgmlType.Q6_K)]
    [InlineData(ModelFileType.Q4_K_M, "blk.25.ffn_down.weight", GgmlType.Q6_K)]
    [InlineData(ModelFileType.Q4_K_M, "blk.25.ffn_up.weight", GgmlType.Q4_K)]
    [InlineData(ModelFileType.Q4_K_M, "token_embd.weight", GgmlType.Q8_0)]
    [InlineData(ModelFileType.Q4_K_S, "blk.2.ffn_down.weight", GgmlType.Q5_K)]
    [InlineData(ModelFileType.Q4_K_S, "blk.3.ffn_down.weight", GgmlType.Q4_K)]
    [InlineData(ModelFileType.Q4_0, "blk.0.ffn_down.weight", GgmlType.Q4_0)]
    [InlineData(ModelFileType.Q3_K_M, "blk.9.attn_output.weight", GgmlType.Q4_K)]
    [InlineData(ModelFileType.Q3_K_M, "blk.0.attn_v.weight", GgmlType.Q5_K)]
    [InlineData(ModelFileType.Q3_K_M, "blk.9.attn_v.weight", GgmlType.Q4_K)]
    [InlineData(ModelFileType.IQ3_XXS, "blk.9.attn_q.weight", GgmlType.IQ2_S)]
    [InlineData(ModelFileType.IQ3_XS, "blk.9.ffn_gate.weight", GgmlType.IQ3_XXS)]
    [InlineData(ModelFileType.IQ3_XS, "blk.25.ffn_gate.weight", GgmlType.IQ3_S)]
    [InlineData(ModelFileType.Q2_K, "token_embd.weight", GgmlType.Q6_K)]
    [InlineData(ModelFileType.Q5_K_M, "output.weight", GgmlType.Q8_0)]
    [InlineData(ModelFileType.F16, "blk.0.attn_q.weight", GgmlType.F16)]
    [InlineData(ModelFileType.Q4_K_M, "blk.5.something_else.weight", GgmlType.Q4_K)]
    [InlineData(ModelFileType.Q4_K_M, "blk.x.attn_v.weight", GgmlType.Q4_K)]
    public void A_decoders_matrix_has_the_type_of_its_place(ModelFileType fileType, string name, GgmlType expected) =>
        Assert.Equal(expected, new TextRecipe(fileType, layers: 26, queriesPerValue: 2).Choose(Matrix(name, columns: 2304)));

    [Theory]
    [InlineData(ModelFileType.Q2_K, 2, GgmlType.Q3_K)]
    [InlineData(ModelFileType.Q2_K, 8, GgmlType.Q4_K)]
    [InlineData(ModelFileType.IQ4_XS, 2, GgmlType.IQ4_XS)]
    [InlineData(ModelFileType.IQ4_XS, 8, GgmlType.Q5_K)]
    public void Values_that_many_queries_share_get_more_bits(ModelFileType fileType, int queriesPerValue, GgmlType expected) =>
        Assert.Equal(expected, new TextRecipe(fileType, layers: 18, queriesPerValue).Choose(Matrix("blk.9.attn_v.weight", columns: 2048)));

    [Fact]
    public void An_importance_matrix_makes_more_bits_unnecessary()
    {
        PlannedTensor down = Matrix("blk.0.ffn_down.weight", columns: 9216);
        Assert.Equal(GgmlType.Q5_K, new TextRecipe(ModelFileType.IQ4_XS, 26, 2, weighted: false).Choose(down));
        Assert.Equal(GgmlType.IQ4_XS, new TextRecipe(ModelFileType.IQ4_XS, 26, 2, weighted: true).Choose(down));
    }

    [Fact]
    public void The_embedding_can_be_chosen() =>
        Assert.Equal(GgmlType.Q4_0, new TextRecipe(ModelFileType.Q4_K_M, 26, 2, embedding: GgmlType.Q4_0).Choose(Matrix("token_embd.weight", columns: 2304)));

    [Theory]
    [InlineData(GgmlType.Q4_K, 96, GgmlType.Q5_0)]
    [InlineData(GgmlType.Q5_K, 96, GgmlType.Q5_1)]
    [InlineData(GgmlType.Q6_K, 96, GgmlType.Q8_0)]
    [InlineData(GgmlType.Q2_K, 96, GgmlType.IQ4_NL)]
    [InlineData(GgmlType.IQ4_XS, 96, GgmlType.IQ4_NL)]
    [InlineData(GgmlType.NVFP4, 96, GgmlType.MXFP4)]
    [InlineData(GgmlType.Q8_0, 48, GgmlType.F16)]
    [InlineData(GgmlType.Q4_K, 48, GgmlType.F16)]
    [InlineData(GgmlType.Q4_K, 512, GgmlType.Q4_K)]
    public void Rows_that_do_not_make_whole_blocks_get_smaller_ones(GgmlType wanted, int columns, GgmlType expected) =>
        Assert.Equal(expected, new TextRecipe(ModelFileType.Q8_0, 1, 1, embedding: wanted).Choose(Matrix("token_embd.weight", columns)));

    [Theory]
    [InlineData(ModelFileType.Q4_0, "v.blk.0.attn_q.weight", GgmlType.Q4_0)]
    [InlineData(ModelFileType.Q4_0, "mm.0.weight", GgmlType.Q8_0)]
    [InlineData(ModelFileType.Q4_0, "mm.input_projection.weight", GgmlType.Q8_0)]
    [InlineData(ModelFileType.BF16, "mm.0.weight", GgmlType.BF16)]
    public void A_tower_keeps_its_projector_precise(ModelFileType fileType, string name, GgmlType expected) =>
        Assert.Equal(expected, new VisionRecipe(fileType).Choose(Matrix(name, columns: 1152)));

    [Theory]
    [InlineData(ModelFileType.F32, GgmlType.F32)]
    [InlineData(ModelFileType.BF16, GgmlType.F32)]
    [InlineData(ModelFileType.Q4_0, GgmlType.F16)]
    public void The_patch_matrix_is_floating_point(ModelFileType fileType, GgmlType expected) =>
        Assert.Equal(expected,
            new VisionRecipe(fileType).Choose(
                new PlannedTensor("v.patch_embd.weight", TensorRole.PreciseMatrix, new MemoryTensor([2, 3, 14, 14]))));

    [Fact]
    public void Every_file_type_has_a_mix()
    {
        foreach (ModelFileType type in Enum.GetValues<ModelFileType>())
        {
            TextRecipe recipe = new(type, layers: 8, queriesPerValue: 8);
            foreach (string part in new[] { "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down" })
            {
                Assert.All(Enumerable.Range(0, 8), layer => Assert.True(recipe.Choose(Matrix($"blk.{layer}.{part}.weight", 256)).IsKnown));
            }
        }
    }

    private static PlannedTensor Matrix(string name, int columns) => new(name, TensorRole.Matrix, new MemoryTensor([1, columns]));
}
