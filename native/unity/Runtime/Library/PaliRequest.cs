#nullable enable
namespace PaliGguf.Unity
{
    /// <summary>What is asked about a picture.</summary>
    public sealed class PaliRequest
    {
        private PaliRequest(PaliTask task, string? text)
        {
            Task = task;
            Text = text;
        }

        public PaliTask Task { get; }

        public string? Text { get; }

        /// <summary>Of a caption, a description or an answer; null: "en".</summary>
        public string? Language { get; set; }

        /// <summary>Of the answer; 0: 256, and 512 where things are looked for.</summary>
        public int MaxTokens { get; set; }

        /// <summary>Of things found, from 0 to 1: what is less sure is left out.</summary>
        public float MinScore { get; set; }

        public static PaliRequest Caption() => new PaliRequest(PaliTask.Caption, null);

        public static PaliRequest Describe() => new PaliRequest(PaliTask.Describe, null);

        public static PaliRequest Read() => new PaliRequest(PaliTask.Ocr, null);

        public static PaliRequest Ask(string question) => new PaliRequest(PaliTask.Answer, question);

        /// <summary>Looks for things: "cat ; dog".</summary>
        public static PaliRequest Detect(string things) => new PaliRequest(PaliTask.Detect, things);

        /// <summary>Looks for things and their outlines.</summary>
        public static PaliRequest Segment(string things) => new PaliRequest(PaliTask.Segment, things);

        /// <summary>A prompt as the model was trained with it: "caption en".</summary>
        public static PaliRequest Prompt(string prompt) => new PaliRequest(PaliTask.Prompt, prompt);
    }

    /// <summary>PALI_PROMPT and so on of paligguf.h.</summary>
    public enum PaliTask
    {
        Prompt = 0,
        Caption = 1,
        Describe = 2,
        Ocr = 3,
        Answer = 4,
        Detect = 5,
        Segment = 6,
    }
}
