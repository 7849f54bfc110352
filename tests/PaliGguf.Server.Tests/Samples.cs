using PaliGguf.Tests;

namespace PaliGguf.Server.Tests;

/// <summary>The sample scenes, and what the reference answers about them.</summary>
internal static class Samples
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    public static string Path(int scene) => System.IO.Path.Combine(Repository.PaliNano, "samples", $"scene_{scene:00}.png");

    public static byte[] File(int scene) => System.IO.File.ReadAllBytes(Path(scene));

    public static string Base64(int scene) => Convert.ToBase64String(File(scene));

    public static string DataUrl(int scene) => $"data:image/png;base64,{Base64(scene)}";

    /// <summary>The reference's answer to a prompt.</summary>
    public static string Golden(int scene, string prompt) => Goldens.First(golden => golden.Image == Path(scene) && golden.Prompt == prompt).Text;

    /// <summary>A scene that the reference has an answer for, and the answer.</summary>
    public static (int Scene, string Text) First(string prompt)
    {
        NanoAnswer golden = Goldens.First(golden => golden.Prompt == prompt && golden.Text.Length > 0);
        return (int.Parse(System.IO.Path.GetFileNameWithoutExtension(golden.Image)["scene_".Length..]), golden.Text);
    }

    /// <summary>A user message of OpenAI's API about a scene.</summary>
    public static object Ask(int scene, string prompt) => new
    {
        role = "user",
        content = new object[] { new { type = "text", text = prompt },
            new { type = "image_url", image_url = new { url = DataUrl(scene) } } },
    };

    /// <summary>A form with a scene as a file.</summary>
    public static MultipartFormDataContent Form(int scene, params (string Name, string Value)[] fields)
    {
        MultipartFormDataContent form = new() { { new ByteArrayContent(File(scene)), "image", "scene.png" } };
        foreach ((string name, string value) in fields) form.Add(new StringContent(value), name);
        return form;
    }
}
