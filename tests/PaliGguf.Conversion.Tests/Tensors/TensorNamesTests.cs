using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class TensorNamesTests
{
    [Theory]
    [InlineData("language_model.model.embed_tokens.weight", "model.language_model.embed_tokens.weight", "text.embed_tokens.weight")]
    [InlineData("language_model.model.layers.3.mlp.up_proj.weight", "model.language_model.layers.3.mlp.up_proj.weight", "text.layers.3.mlp.up_proj.weight")]
    [InlineData("vision_tower.vision_model.post_layernorm.bias", "model.vision_tower.vision_model.post_layernorm.bias", "vision.post_layernorm.bias")]
    [InlineData("multi_modal_projector.linear.weight", "model.multi_modal_projector.linear.weight", "projector.weight")]
    public void Both_generations_have_one_short_name_and_back(string old, string recent, string shortName)
    {
        Assert.Equal(shortName, TensorNames.Shorten(old));
        Assert.Equal(shortName, TensorNames.Shorten(recent));
        Assert.Equal(old, TensorNames.Spell(shortName, newGeneration: false));
        Assert.Equal(recent, TensorNames.Spell(shortName, newGeneration: true));
        Assert.False(TensorNames.IsNewGeneration(old));
        Assert.True(TensorNames.IsNewGeneration(recent));
    }

    [Theory]
    [InlineData("vision_tower.encoder.layers.3.mlp.fc1.bias")]
    [InlineData("model.vision_tower.encoder.layers.3.mlp.fc1.bias")]
    public void The_tower_may_lack_the_second_part_of_its_names(string name) => Assert.Equal("vision.encoder.layers.3.mlp.fc1.bias", TensorNames.Shorten(name));

    [Theory]
    [InlineData("lm_head.weight")]
    [InlineData("language_model.lm_head.weight")]
    public void The_output_matrix_has_one_short_name(string name) => Assert.Equal(TensorNames.Head, TensorNames.Shorten(name));

    [Theory]
    [InlineData("language_model.norm.weight")]
    [InlineData("base_model.model.language_model.model.norm.weight")]
    [InlineData("")]
    public void Other_names_have_none(string name) => Assert.Null(TensorNames.Shorten(name));

    [Theory]
    [InlineData("vision_tower.vision_model.head.probe", true)]
    [InlineData("vision_tower.vision_model.embeddings.position_ids", true)]
    [InlineData("language_model.model.layers.0.self_attn.rotary_emb.inv_freq", true)]
    [InlineData("vision_tower.vision_model.headway.weight", false)]
    public void Tensors_that_the_model_does_not_use_are_known(string name, bool unused) =>
        Assert.Equal(unused, TensorNames.IsUnused(TensorNames.Shorten(name)!));
}
