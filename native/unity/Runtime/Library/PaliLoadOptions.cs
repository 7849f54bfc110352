#nullable enable
namespace PaliGguf.Unity
{
    /// <summary>How a model is loaded and run; as they are, the options suit a game.</summary>
    public sealed class PaliLoadOptions
    {
        /// <summary>Threads that compute; 0: all processors but one.</summary>
        public int Threads { get; set; }

        public PaliPriority Priority { get; set; }

        /// <summary>The vision GGUF; null: found beside the text GGUF by its name.</summary>
        public string? VisionPath { get; set; }

        /// <summary>Layers of the decoder on the GPU; 0: none, -1: all.</summary>
        public int GpuLayers { get; set; }

        /// <summary>Tokens of prompt and answer for which there is room; 0: 512.</summary>
        public int TextTokens { get; set; }

        /// <summary>Main memory in bytes; a model that needs more fails to load. 0: no limit.</summary>
        public long MemoryLimit { get; set; }
    }

    /// <summary>How the library's threads stand to the game's.</summary>
    public enum PaliPriority
    {
        /// <summary>They give way.</summary>
        Low = 0,

        /// <summary>As the game's own.</summary>
        Normal = 1,

        /// <summary>They compute when nobody else wants the processor.</summary>
        Idle = 2,
    }
}
