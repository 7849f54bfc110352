using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PaliGguf.Interop;

/// <summary>Reads a UTF-8 string that the library keeps for itself; the usual marshaller would free it.</summary>
[CustomMarshaller(typeof(string), MarshalMode.ManagedToUnmanagedOut, typeof(StaticUtf8))]
internal static unsafe class StaticUtf8
{
    public static string ConvertToManaged(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
