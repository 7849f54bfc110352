using PaliGguf.Gguf;

namespace PaliGguf.Tests;

public sealed class ModelFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nano-Q8_0.gguf", "mmproj-nano-Q8_0.gguf")]
    [InlineData("nano-Q8_0.gguf", "mmproj-nano-F16.gguf")]
    [InlineData("nano-Q8_0.gguf", "MMPROJ-Nano-f16.gguf")]
    [InlineData("paligemma2-3b-mix-224-Q4_K_M.gguf", "mmproj-paligemma2-3b-mix-224-F16.gguf")]
    [InlineData("nano.gguf", "mmproj-nano.gguf")]
    [InlineData("nano-Q8_0.gguf", "mmproj.gguf")]
    [InlineData("nano-Q8_0.gguf", "mmproj-F16.gguf")]
    [InlineData("nano-Q8_0.gguf", "mmproj-model-f16.gguf")]
    [InlineData("nano-Q8_0.gguf", "mmproj_nano.gguf")]
    [InlineData("paligemma-3b-mix-224-text-model-q4_k_m.gguf", "paligemma-3b-mix-224-mmproj-f16.gguf")]
    [InlineData("nano-Q8_0.gguf", "mmproj-.gguf")]
    public void The_only_vision_file_beside_the_text_file_is_found(string text, string vision)
    {
        Touch(text, vision, "readme.md");
        ModelFiles expected = new(_folder.File(text), _folder.File(vision));
        Assert.Equal(expected, ModelFiles.Find(_folder.File(text)));
        Assert.Equal(expected, ModelFiles.Find(_folder.Path));
    }

    [Theory]
    [InlineData("a-Q8_0.gguf", "mmproj-a-Q8_0.gguf")]
    [InlineData("a-F16.gguf", "mmproj-a-Q8_0.gguf")]
    [InlineData("b-F16.gguf", "mmproj-b-F16.gguf")]
    [InlineData("b-Q4_K_M.gguf", "mmproj-b-Q8_0.gguf")]
    [InlineData("a-b-F16.gguf", "mmproj-a-b-F32.gguf")]
    public void Among_several_the_name_decides(string text, string vision)
    {
        Touch("a-Q8_0.gguf", "a-F16.gguf", "b-F16.gguf", "b-Q4_K_M.gguf", "a-b-F16.gguf", "mmproj-a-Q8_0.gguf", "mmproj-b-F16.gguf", "mmproj-b-Q8_0.gguf", "mmproj-a-b-F32.gguf", "mmproj.gguf");
        Assert.Equal(_folder.File(vision), ModelFiles.Find(_folder.File(text)).Vision);
    }

    [Fact]
    public void Files_that_are_named_are_taken_as_they_are()
    {
        Touch("text.bin", "vision.bin", "mmproj-text.gguf");
        Assert.Equal(new ModelFiles(_folder.File("text.bin"), _folder.File("vision.bin")), ModelFiles.Find(_folder.File("text.bin"), _folder.File("vision.bin")));
    }

    [Fact]
    public void Several_vision_files_that_fit_are_listed()
    {
        Touch("a-Q4_0.gguf", "mmproj-a-F16.gguf", "mmproj-a-F32.gguf", "mmproj-b-Q8_0.gguf");
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => ModelFiles.Find(_folder.File("a-Q4_0.gguf")));
        Assert.EndsWith("--vision: mmproj-a-F16.gguf, mmproj-a-F32.gguf.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_text_files_in_a_folder_are_listed()
    {
        Touch("b-Q8_0.gguf", "a-Q8_0.gguf", "mmproj-a-Q8_0.gguf");
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => ModelFiles.Find(_folder.Path));
        Assert.EndsWith("name one of them: a-Q8_0.gguf, b-Q8_0.gguf.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_beside_the_text_file_is_no_text_model()
    {
        Touch("nano-Q8_0.gguf", "mmproj-nano-Q8_0.gguf");
        GgufWriter adapter = new();
        adapter.Set("general.architecture", "gemma2");
        adapter.Set("general.type", "adapter");
        adapter.Write(_folder.File("thai.gguf"));
        Assert.Equal(_folder.File("nano-Q8_0.gguf"), ModelFiles.Find(_folder.Path).Text);
    }

    [Fact]
    public void A_vision_file_is_no_text_model()
    {
        Touch("nano-Q8_0.gguf", "mmproj-nano-Q8_0.gguf", "mmproj-nano-F16.gguf");
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => ModelFiles.Find(_folder.File("mmproj-nano-F16.gguf")));
        Assert.Contains("this is a vision model: name the text model", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.StartsWith(_folder.Path + ": no text model", Missing(_folder.Path), StringComparison.Ordinal);
        Assert.StartsWith(_folder.File("a.gguf") + ": no such model file", Missing(_folder.File("a.gguf")), StringComparison.Ordinal);

        Touch("a-Q8_0.gguf");
        Assert.Contains("mmproj-a-Q8_0.gguf is not beside it", Missing(_folder.File("a-Q8_0.gguf")), StringComparison.Ordinal);
        Assert.StartsWith(_folder.File("v.gguf") + ": no such vision model file", Missing(_folder.File("a-Q8_0.gguf"), _folder.File("v.gguf")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loading_reports_them_too() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => PaliModel.LoadAsync(_folder.File("none.gguf"), Models.OneThread));

    private static string Missing(string model, string? vision = null) => Assert.Throws<FileNotFoundException>(() => ModelFiles.Find(model, vision)).Message;

    private void Touch(params string[] names)
    {
        foreach (string name in names) _folder.Write(name, []);
    }
}
