namespace PaliGguf.Imaging.Interop;

/// <summary>One operation of libvips: inputs are set by name, then it is run, then outputs are read by name.</summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private readonly SafeVipsObject _operation;

    /// <summary>Starts an operation by its name in libvips.</summary>
    /// <exception cref="NativeLibraryException">libvips is not usable.</exception>
    /// <exception cref="VipsException">This libvips was built without that operation.</exception>
    public VipsOperation(string name)
    {
        _ = VipsLibrary.Current;
        _operation = Vips.vips_operation_new(name);
        if (_operation.IsInvalid) throw VipsException.FromErrorBuffer();
    }

    /// <summary>Sets a number; also a choice of an enumeration, by its number.</summary>
    public VipsOperation Set(string property, int content)
    {
        GValue value = NewValue(GType.Int);
        GObject.g_value_set_int(ref value, content);
        return SetAndUnset(property, ref value);
    }

    public VipsOperation Set(string property, bool content)
    {
        GValue value = NewValue(GType.Boolean);
        GObject.g_value_set_boolean(ref value, content ? 1 : 0);
        return SetAndUnset(property, ref value);
    }

    public VipsOperation Set(string property, string content)
    {
        GValue value = NewValue(GType.String);
        GObject.g_value_set_string(ref value, content);
        return SetAndUnset(property, ref value);
    }

    public VipsOperation Set(string property, SafeVipsObject image)
    {
        GValue value = NewValue(Vips.vips_image_get_type());
        GObject.g_value_set_object(ref value, image);
        return SetAndUnset(property, ref value);
    }

    /// <summary>Sets bytes without copying them: they must stay where they are as long as any image that comes of them.</summary>
    public VipsOperation Set(string property, byte* data, nuint length)
    {
        GValue value = NewValue(Vips.vips_blob_get_type());
        Vips.vips_value_set_blob(ref value, 0, data, length);
        return SetAndUnset(property, ref value);
    }

    /// <summary>Runs the operation; loaders and filters compute pixels later, when they are read.</summary>
    /// <exception cref="VipsException">It failed.</exception>
    public VipsOperation Run()
    {
        if (Vips.vips_object_build(_operation) != 0) throw VipsException.FromErrorBuffer();
        return this;
    }

    /// <summary>The image that came out, to be disposed by the caller. Its pixels may not have been computed yet.</summary>
    public SafeVipsObject Image(string property = "out")
    {
        GValue value = NewValue(Vips.vips_image_get_type());
        GObject.g_object_get_property(_operation, property, ref value);
        nint image = GObject.g_value_dup_object(ref value);
        GObject.g_value_unset(ref value);
        return new SafeVipsObject(image);
    }

    /// <summary>A copy of the bytes that came out.</summary>
    public byte[] Bytes(string property = "buffer")
    {
        GValue value = NewValue(Vips.vips_blob_get_type());
        GObject.g_object_get_property(_operation, property, ref value);
        byte* data = (byte*)Vips.vips_value_get_blob(ref value, out nuint length);
        byte[] bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        GObject.g_value_unset(ref value);
        return bytes;
    }

    public void Dispose()
    {
        // An operation and its outputs hold on to each other until told otherwise.
        if (!_operation.IsInvalid && !_operation.IsClosed) Vips.vips_object_unref_outputs(_operation);
        _operation.Dispose();
    }

    private static GValue NewValue(nuint type)
    {
        GValue value = default;
        GObject.g_value_init(ref value, type);
        return value;
    }

    private VipsOperation SetAndUnset(string property, ref GValue value)
    {
        GObject.g_object_set_property(_operation, property, ref value);
        GObject.g_value_unset(ref value);
        return this;
    }
}
