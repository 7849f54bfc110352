using Microsoft.Extensions.AI;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests;

namespace PaliGguf.AI.Tests;

/// <summary>The shipped model, and conversations about its samples.</summary>
internal static class NanoModel
{
    public static string Turtle { get; } = Sample("scene_01");

    public static string Sample(string name) => Path.Combine(Repository.PaliNano, "samples", name + ".png");

    /// <summary>On one thread: the library's threads spin while they wait for each other, and tests share few cores.</summary>
    public static Task<PaliModel> LoadAsync(ModelOptions? options = null, CancellationToken cancellationToken = default) =>
        PaliModel.LoadAsync(Repository.PaliNano, (options ?? new ModelOptions()) with { Threads = 1 }, cancellationToken: cancellationToken);

    public static ChatMessage Ask(string prompt, params string[] pictures) =>
        new(ChatRole.User, [.. pictures.Select(picture => new DataContent(File.ReadAllBytes(picture), "image/png")), new TextContent(prompt)]);

    /// <summary>What the model itself answers.</summary>
    public static Task<GenerationResult> AnswerAsync(this PaliModel model, string prompt, params string[] pictures) =>
        model.GenerateAsync(new GenerationRequest { Prompt = prompt, Images = [.. pictures.Select(picture => ImageFile.Load(picture))] }).Result;
}
