namespace PaliGguf.Native;

/// <summary>By what names the linker knows the functions: C calls them where there is <c>Entry/entry.c</c>, else they are the exported ones.</summary>
internal static class EntryPoints
{
#if ENTRY_IN_MANAGED_CODE
    public const string Prefix = "pali_";
#else
    public const string Prefix = "managed_";
#endif
}
