using LLama;
using LLama.Common;
using Microsoft.Extensions.AI;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>The shipped model, and what is asked of it.</summary>
internal static class Nano
{
    public const string TurtleCaption = "a turtle on an orange background";

    public static string TextPath { get; } = Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf");

    public static string Turtle { get; } = Path.Combine(Repository.PaliNano, "samples", "scene_01.png");

    /// <summary>As a program loads weights for a chat.</summary>
    public static LLamaWeights LoadWeights(string? path = null) => LLamaWeights.LoadFromFile(new ModelParams(path ?? TextPath));

    public static ChatMessage Ask(string prompt, string? picture = null) =>
        new(ChatRole.User, picture is null ? [new TextContent(prompt)] : [Picture(picture), new TextContent(prompt)]);

    public static async Task<string> CaptionAsync(PaliModel model) => await model.CaptionAsync(ImageFile.Load(Turtle));

    public static async Task<GenerationResult> AnswerAsync(PaliModel model, NanoAnswer question) =>
        await model.GenerateAsync(new GenerationRequest { Images = [ImageFile.Load(question.Image)], Prompt = question.Prompt }).Result;

    private static DataContent Picture(string path) => new(File.ReadAllBytes(path), "image/png");
}
