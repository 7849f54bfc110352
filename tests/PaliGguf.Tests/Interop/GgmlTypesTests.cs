using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

/// <summary>The managed table of types against that of the loaded library, so that a newer library that disagrees is noticed.</summary>
public sealed unsafe class GgmlTypesTests
{
    private const int Count = 43;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_loaded_library_has_the_same_sizes(int number)
    {
        NativeLibraries.Load();
        GgmlType type = (GgmlType)number;
        long blockBytes = (long)Ggml.ggml_type_size(type);
        Assert.Equal(type.IsKnown, blockBytes > 0);
        if (!type.IsKnown) return;

        Assert.Equal((type.TypeSize, type.BlockSize), (blockBytes, Ggml.ggml_blck_size(type)));
        Assert.Equal(type.Name, Ggml.ggml_type_name(type), ignoreCase: true);
        Assert.Equal(type.IsQuantized, Ggml.ggml_get_type_traits(type)->is_quantized != 0);
    }

    [Fact]
    public void The_loaded_library_has_no_further_types()
    {
        NativeLibraries.Load();
        Assert.All(Enum.GetValues<GgmlType>(), type => Assert.InRange((int)type, 0, Count - 1));

        // Behind the last type the library's own table of names ends; it is asked through its structure, whose size the next member confirms.
        ggml_type_traits* last = Ggml.ggml_get_type_traits((GgmlType)(Count - 1));
        Assert.Equal("q2_0", Marshal.PtrToStringUTF8((nint)last->type_name));
        Assert.Equal((nint)sizeof(ggml_type_traits) * (Count - 1), (byte*)last - (byte*)Ggml.ggml_get_type_traits(GgmlType.F32));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Weights_are_stored_in_what_the_library_turns_into_floats(int number)
    {
        NativeLibraries.Load();
        GgmlType type = (GgmlType)number;
        if (!type.IsKnown) return;
        bool convertible = type == GgmlType.F32 || Ggml.ggml_get_type_traits(type)->to_float is not null;
        Assert.Equal(convertible, type.HoldsWeights);
    }
}
