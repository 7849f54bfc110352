using System;
using Unity.Collections;
using Unity.Collections.LowLevel.Unsafe;
using UnityEngine;

namespace PaliGguf.Unity
{
    /// <summary>Asks about textures, whose lowest row comes first.</summary>
    public static unsafe class TextureExtensions
    {
        /// <summary>Asks about a texture that can be read: RGBA32, BGRA32 or RGB24. Its pixels are copied.</summary>
        /// <exception cref="ArgumentException">It is of another format.</exception>
        public static PaliAnswer Ask(this PaliModel model, PaliRequest request, Texture2D texture)
        {
            PaliPixels format = FormatOf(texture);
            NativeArray<byte> data = texture.GetRawTextureData<byte>();
            // Smaller versions of the picture may follow the picture itself, which is all that is read.
            ReadOnlySpan<byte> pixels = new ReadOnlySpan<byte>(data.GetUnsafeReadOnlyPtr(), data.Length);
            return model.Ask(request, new PaliPicture(pixels, texture.width, texture.height, format, bottomUp: true));
        }

        private static PaliPixels FormatOf(Texture2D texture) => texture.format switch
        {
            TextureFormat.RGB24 => PaliPixels.Rgb,
            TextureFormat.RGBA32 => PaliPixels.Rgba,
            TextureFormat.BGRA32 => PaliPixels.Bgra,
            _ => throw new ArgumentException(
                $"{texture.name} is of the format {texture.format}: copy it into a texture of RGBA32, BGRA32 or RGB24."),
        };
    }
}
