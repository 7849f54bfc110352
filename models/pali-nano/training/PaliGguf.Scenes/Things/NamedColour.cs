namespace PaliGguf.Scenes.Things;

/// <summary>A colour of backgrounds.</summary>
/// <param name="Name">In English.</param>
/// <param name="Thai">In Thai.</param>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
/// <param name="Spread">How far its parts may be from the named ones and still be called so.</param>
/// <param name="Depth">How much lighter and darker a texture may be, as a part of the colour.</param>
internal sealed record NamedColour(string Name, string Thai, double Red, double Green, double Blue, double Spread, double Depth)
{
    public static IReadOnlyList<NamedColour> All { get; } =
    [
        new("red", "แดง", 205, 45, 45, 14, 0.24),
        new("orange", "ส้ม", 240, 140, 40, 12, 0.1),
        new("yellow", "เหลือง", 240, 220, 70, 14, 0.1),
        new("green", "เขียว", 60, 160, 70, 16, 0.26),
        new("blue", "น้ำเงิน", 55, 95, 210, 16, 0.22),
        new("purple", "ม่วง", 130, 65, 170, 14, 0.2),
        new("pink", "ชมพู", 245, 155, 190, 12, 0.08),
        new("gray", "เทา", 135, 135, 135, 6, 0.24),
        new("white", "ขาว", 240, 240, 240, 5, 0.06),
        new("black", "ดำ", 24, 24, 24, 6, 0.7),
    ];

    /// <summary>The Thai name of a colour.</summary>
    public static string ThaiOf(string name) => All.First(colour => colour.Name == name).Thai;
}
