using System.Text.Json.Nodes;

namespace PaliGguf.Page.Tests;

/// <summary>A phone of the usual size, and fingers on its screen, which the browser takes for real ones.</summary>
internal sealed class Phone(ICDPSession session)
{
    public const int Width = 390;

    public const int Height = 844;

    public static BrowserNewContextOptions Options => new()
    {
        ViewportSize = new ViewportSize { Width = Width, Height = Height },
        IsMobile = true,
        HasTouch = true,
        DeviceScaleFactor = 2,
    };

    public static async Task<Phone> OfAsync(Visit visit) => new(await visit.Page.Context.NewCDPSessionAsync(visit.Page));

    /// <summary>Moves fingers in even steps from where they are put down to where they are lifted.</summary>
    public async Task MoveAsync(params (double FromX, double FromY, double ToX, double ToY)[] fingers)
    {
        const int Steps = 8;
        for (int step = 0; step <= Steps; step++)
        {
            double part = (double)step / Steps;
            IEnumerable<(double, double)> places =
                from finger in fingers
                select (finger.FromX + (part * (finger.ToX - finger.FromX)), finger.FromY + (part * (finger.ToY - finger.FromY)));
            await SendAsync(step == 0 ? "touchStart" : "touchMove", places);
        }

        await SendAsync("touchEnd", []);
    }

    private async Task SendAsync(string type, IEnumerable<(double X, double Y)> fingers)
    {
        JsonNode[] points = [.. fingers.Select((finger, id) => new JsonObject { ["x"] = finger.X, ["y"] = finger.Y, ["id"] = id })];
        Dictionary<string, object> touch = new() { ["type"] = type, ["touchPoints"] = new JsonArray(points) };
        await session.SendAsync("Input.dispatchTouchEvent", touch);
    }
}
