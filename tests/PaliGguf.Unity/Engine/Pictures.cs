using System;
using System.Runtime.InteropServices;
using Unity.Collections;

namespace UnityEngine
{
    public enum TextureFormat
    {
        RGB24 = 3,
        RGBA32 = 4,
        ARGB32 = 5,
        BGRA32 = 14,
    }

    public class Texture : Object
    {
        public int width { get; protected set; }

        public int height { get; protected set; }
    }

    public sealed class RenderTexture : Texture
    {
        public RenderTexture(int width, int height, int depth)
        {
            this.width = width;
            this.height = height;
        }

        public static RenderTexture active { get; set; }

        // What a camera has drawn: RGBA, the lowest row first.
        internal byte[] Drawn { get; set; }
    }

    public sealed class Texture2D : Texture, IDisposable
    {
        private readonly byte[] _pixels;
        private readonly GCHandle _pin;

        public Texture2D(int width, int height, TextureFormat format, bool mipChain)
        {
            this.width = width;
            this.height = height;
            this.format = format;
            _pixels = new byte[width * height * (format == TextureFormat.RGB24 ? 3 : 4)];
            _pin = GCHandle.Alloc(_pixels, GCHandleType.Pinned);
        }

        public TextureFormat format { get; }

        public NativeArray<T> GetRawTextureData<T>()
            where T : struct => new NativeArray<T> { Items = (T[])(object)_pixels, Start = _pin.AddrOfPinnedObject() };

        public void ReadPixels(Rect source, int destX, int destY, bool recalculateMipMaps) => RenderTexture.active.Drawn.CopyTo(_pixels, 0);

        public void Dispose() => _pin.Free();
    }

    public sealed class Camera : Object
    {
        public RenderTexture targetTexture { get; set; }

        internal byte[] Sees { get; set; }

        public void Render() => targetTexture.Drawn = Sees;
    }
}
