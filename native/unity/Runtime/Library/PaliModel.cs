#nullable enable
using System;
using System.Runtime.InteropServices;
using PaliGguf.Unity.Layouts;

namespace PaliGguf.Unity
{
    /// <summary>A model. No member waits: poll it once a frame. Dispose ends a load or answers in the middle, in the background.</summary>
    public sealed unsafe class PaliModel : IDisposable
    {
        private const uint AbiVersion = 1;

        private readonly PaliHandle _handle;
        private ModelState _state;

        private PaliModel(PaliHandle handle) => _handle = handle;

        /// <summary>From 0 to 1, as of the last poll.</summary>
        public float Progress => _state.progress;

        /// <summary>The side of the square to which pictures are resized; once it is ready.</summary>
        public int ImageSize => _state.image_size;

        /// <summary>Main memory in bytes; once it is ready.</summary>
        public long Memory => _state.memory;

        public bool HasMasks => _state.has_masks != 0;

        /// <summary>Begins to load a text GGUF, or a folder with one pair of text and vision GGUF.</summary>
        /// <exception cref="PaliException">The library is of another version, or refuses the options.</exception>
        public static PaliModel Load(string path, PaliLoadOptions? options = null)
        {
            if (path is null) throw new ArgumentNullException(nameof(path));
            uint version = NativeMethods.pali_abi_version();
            if (version != AbiVersion)
            {
                throw new PaliException(0, $"libpaligguf has version {version} of its interface, this package is for {AbiVersion}.");
            }

            options ??= new PaliLoadOptions();
            fixed (byte* text = NativeText.Encode(path))
            fixed (byte* vision = options.VisionPath is null ? null : NativeText.Encode(options.VisionPath))
            {
                LoadOptions given = new LoadOptions
                {
                    size = (uint)sizeof(LoadOptions),
                    threads = options.Threads,
                    priority = (int)options.Priority,
                    vision_path = vision,
                    gpu_layers = options.GpuLayers,
                    text_tokens = options.TextTokens,
                    memory_limit = options.MemoryLimit,
                };
                PaliException.Check(NativeMethods.pali_load(text, &given, out PaliHandle handle));
                return new PaliModel(handle);
            }
        }

        /// <summary>Whether it is ready.</summary>
        /// <exception cref="PaliException">It could not be loaded, or loading was cancelled.</exception>
        public bool Poll()
        {
            ModelState state = new ModelState { size = (uint)sizeof(ModelState) };
            PaliException.Check(NativeMethods.pali_poll_model(_handle, &state));
            _state = state;
            if (state.state != 2) return state.state == 1;
            throw new PaliException(state.status, NativeText.ErrorOf(_handle));
        }

        /// <summary>Asks about a picture, which is copied.</summary>
        /// <exception cref="PaliException">The model is not ready, or the request can not be understood.</exception>
        public PaliAnswer Ask(PaliRequest request, PaliPicture picture)
        {
            if (request is null) throw new ArgumentNullException(nameof(request));
            // Mono 6 does not find the way in which "fixed" takes a span itself.
            fixed (byte* pixels = &MemoryMarshal.GetReference(picture.Pixels))
            fixed (byte* text = request.Text is null ? null : NativeText.Encode(request.Text))
            fixed (byte* language = request.Language is null ? null : NativeText.Encode(request.Language))
            {
                Picture given = new Picture
                {
                    size = (uint)sizeof(Picture),
                    format = (int)picture.Format,
                    width = picture.Width,
                    height = picture.Height,
                    stride = picture.Stride,
                    pixels = pixels,
                    pixel_bytes = (ulong)picture.Pixels.Length,
                };
                Request asked = new Request
                {
                    size = (uint)sizeof(Request),
                    task = (int)request.Task,
                    text = text,
                    language = language,
                    pictures = &given,
                    picture_count = 1,
                    max_tokens = request.MaxTokens,
                    min_score = request.MinScore,
                };
                PaliException.Check(NativeMethods.pali_submit(_handle, &asked, out PaliHandle ticket));
                return new PaliAnswer(ticket);
            }
        }

        /// <summary>Ends loading early: the next poll says so.</summary>
        public void Cancel() => PaliException.Check(NativeMethods.pali_cancel(_handle));

        public void Dispose() => _handle.Dispose();

        /// <summary>The library's version, the llama.cpp that it has loaded, and by what it computes: a line for a log.</summary>
        public static string Describe() => NativeText.Read(NativeMethods.pali_describe);

        /// <summary>Waits until all that was disposed of is gone, memory included: for tests, and before a large load.</summary>
        public static bool Settle(int milliseconds) => NativeMethods.pali_settle(milliseconds) == 0;
    }
}
