using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using PaliGguf.Imaging;

namespace PaliGguf.Server.Tests.Tasks;

public sealed class PictureUploadTests
{
    [Fact]
    public async Task Several_tasks_are_about_a_picture_that_is_sent_once()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement upload = await (await server.SendAsync("/api/pictures", Samples.Form(1))).JsonAsync();
        string picture = upload.GetProperty("picture").GetString()!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Samples.File(1))), picture);
        Assert.Equal(448, upload.GetProperty("width").GetInt32());
        Assert.Equal("a turtle on an orange background", await server.TextAsync("/api/caption", new { picture }));
        Assert.Equal("orange", await server.TextAsync("/api/answer", new { picture, question = "what color is the background?" }));
        JsonElement found = await (await server.PostAsync("/api/detect", new { picture, labels = "turtle" })).JsonAsync();
        Assert.Single(found.GetProperty("detections").EnumerateArray());
    }

    [Fact]
    public async Task A_picture_that_is_known_already_keeps_its_id()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement first = await (await server.PostAsync("/api/pictures", new { image = Samples.Base64(2) })).JsonAsync();
        using HttpResponseMessage second = await server.PostAsync("/api/pictures", new { image = Samples.DataUrl(2) });
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(first.GetProperty("picture").GetString(), (await second.JsonAsync()).GetProperty("picture").GetString());
    }

    [Fact]
    public async Task A_picture_that_was_never_here_is_not_one_that_is_gone()
    {
        // Room for one scene.
        await using RunningServer server = await RunningServer.StartAsync(options => options with { PictureStore = Samples.File(1).Length + 100 });
        string first = (await (await server.SendAsync("/api/pictures", Samples.Form(1))).JsonAsync()).GetProperty("picture").GetString()!;
        await (await server.SendAsync("/api/pictures", Samples.Form(5))).JsonAsync();
        await (await server.PostAsync("/api/caption", new { picture = first })).ProblemAsync(410, "picture_gone");
        await (await server.PostAsync("/api/caption", new { picture = "../../etc/passwd" })).ProblemAsync(404, "unknown_picture");
    }

    [Fact]
    public async Task What_is_no_picture_is_not_kept()
    {
        RunningServer server = await RunningServer.Shared;
        await (await server.PostAsync("/api/pictures", new { image = "aGVsbG8gd29ybGQ=" })).ProblemAsync(415, "unsupported_media_type");
        await (await server.PostAsync("/api/pictures", new { })).ProblemAsync(400, "invalid_value");
    }

    [Fact]
    public async Task A_picture_that_is_kept_is_shown_as_it_was_decoded()
    {
        RunningServer server = await RunningServer.Shared;
        string picture = (await (await server.SendAsync("/api/pictures", Samples.Form(3))).JsonAsync()).GetProperty("picture").GetString()!;
        using HttpResponseMessage shown = await server.Client.GetAsync($"/api/pictures/{picture}");
        Assert.Equal("image/jpeg", shown.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", shown.Headers.CacheControl?.ToString());
        RgbImage original = ImageFile.Load(Samples.Path(3)), seen = ImageFile.Load(await shown.Content.ReadAsByteArrayAsync());
        Assert.Equal((original.Width, original.Height), (seen.Width, seen.Height));
        double difference = 0;
        for (int value = 0; value < original.Pixels.Length; value++) difference += Math.Abs(original.Pixels[value] - seen.Pixels[value]);
        Assert.InRange(difference / original.Pixels.Length, 0.001, 4);
        await (await server.Client.GetAsync("/api/pictures/none")).ProblemAsync(404, "unknown_picture");
    }
}
