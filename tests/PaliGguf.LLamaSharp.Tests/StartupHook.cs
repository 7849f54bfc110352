using LLama.Native;
using PaliGguf;
using PaliGguf.LLamaSharp;
using PaliGguf.LLamaSharp.Tests;
using PaliGguf.Tests;

#pragma warning disable CA1050, MA0047 // .NET asks for this name, without a namespace.

/// <summary>
/// Runs before a program whose environment names this assembly in DOTNET_STARTUP_HOOKS: here PaliGguf loads the native libraries, and
/// LLamaSharp comes second.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        using PaliModel own = PaliModel.LoadAsync(Nano.TextPath, Models.OneThread).GetAwaiter().GetResult();
        Assert.False(NativeLibraryConfig.LLama.LibraryHasLoaded);
        using PaliModel theirs = LLamaSharpModel.LoadAsync(Nano.TextPath, Models.OneThread).GetAwaiter().GetResult();
        Assert.True(NativeLibraryConfig.LLama.LibraryHasLoaded);
    }
}
