using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Adapters;

namespace PaliGguf.Conversion.Tests.Adapters;

public sealed class PeftTensorNameTests
{
    [Theory]
    [InlineData("language_model.model.layers.0.self_attn.q_proj.lora_A.weight", nameof(PeftTensorKind.A), "language_model.model.layers.0.self_attn.q_proj")]
    [InlineData("language_model.model.layers.0.self_attn.q_proj.lora_B.default.weight", nameof(PeftTensorKind.B), "language_model.model.layers.0.self_attn.q_proj")]
    [InlineData("multi_modal_projector.linear.weight", nameof(PeftTensorKind.Saved), "multi_modal_projector.linear.weight")]
    [InlineData("multi_modal_projector.modules_to_save.default.linear.bias", nameof(PeftTensorKind.Saved), "multi_modal_projector.linear.bias")]
    [InlineData("multi_modal_projector.linear.modules_to_save.weight", nameof(PeftTensorKind.Saved), "multi_modal_projector.linear.weight")]
    [InlineData("vision_tower.q_proj.base_layer.bias", nameof(PeftTensorKind.Saved), "vision_tower.q_proj.bias")]
    [InlineData("language_model.model.embed_tokens.lora_embedding_A", nameof(PeftTensorKind.Unsupported), "language_model.model.embed_tokens.lora_embedding_A")]
    [InlineData("q_proj.lora_magnitude_vector", nameof(PeftTensorKind.Unsupported), "q_proj.lora_magnitude_vector")]
    [InlineData("q_proj.lora_B.bias", nameof(PeftTensorKind.Unsupported), "q_proj.lora_B.bias")]
    [InlineData("embed_tokens.trainable_tokens_delta", nameof(PeftTensorKind.Unsupported), "embed_tokens.trainable_tokens_delta")]
    public void A_name_tells_what_its_tensor_is_for(string name, string kind, string target) =>
        Assert.Equal(new PeftTensorName(Enum.Parse<PeftTensorKind>(kind), target), PeftTensorName.Parse("base_model.model." + name));

    [Theory]
    [InlineData("")]
    [InlineData("base_model.model.")]
    [InlineData("language_model.model.layers.0.self_attn.q_proj.lora_A.weight")]
    [MemberData(nameof(TooLong))]
    public void Other_names_are_not_of_an_adapter(string name) => Assert.Null(PeftTensorName.Parse(name));

    public static TheoryData<string> TooLong() => [$"base_model.model.{new string('a', 600)}.lora_A.weight"];

    [Fact]
    public void Any_module_is_found_again()
    {
        Gen<string> part = Gen.Elements("a", "layers", "0", "17", "q_proj", "lora", "A", "weight", "modules");
        // Longer names than of some thirty parts are refused, as no name of a real module is that long.
        Gen<string> module = part.NonEmptyListOf().Select(parts => string.Join('.', parts.Take(30)));
        Prop.ForAll(module.ToArbitrary(), name =>
        {
            Assert.Equal(new PeftTensorName(PeftTensorKind.A, name), PeftTensorName.Parse($"base_model.model.{name}.lora_A.weight"));
            Assert.Equal(new PeftTensorName(PeftTensorKind.B, name), PeftTensorName.Parse($"base_model.model.{name}.lora_B.default.weight"));
            Assert.Equal(new PeftTensorName(PeftTensorKind.Saved, name + ".weight"), PeftTensorName.Parse($"base_model.model.{name}.modules_to_save.default.weight"));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_text_makes_it_fail() =>
        Prop.ForAll<string>(text => PeftTensorName.Parse("base_model.model." + text) is null or { Target.Length: > 0 }).QuickCheckThrowOnFailure();
}
