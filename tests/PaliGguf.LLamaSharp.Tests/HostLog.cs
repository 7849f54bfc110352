using System.Runtime.CompilerServices;
using LLama.Native;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>What a program that uses LLamaSharp does first: it says where the library's messages go.</summary>
internal static class HostLog
{
    private static int _lines;

    public static int Lines => Volatile.Read(ref _lines);

    public static NativeLogConfig.LLamaLogCallback Callback { get; } = (_, _) => Interlocked.Increment(ref _lines);

    [ModuleInitializer]
    internal static void Install() => NativeLibraryConfig.All.WithLogCallback(Callback);
}
