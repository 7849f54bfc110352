namespace PaliGguf.Scenes.Assets;

/// <summary>A package of npm whose files are drawn with, pinned.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version.</param>
/// <param name="Sha256">Of its archive.</param>
/// <param name="Licence">By its SPDX name.</param>
/// <param name="By">Who made what is in it.</param>
internal sealed record AssetPackage(string Name, string Version, string Sha256, string Licence, string By)
{
    /// <summary>The archive's name, as npm makes it.</summary>
    public string File => $"{Name.TrimStart('@').Replace('/', '-')}-{Version}.tgz";
}
