using PaliGguf.Tasks;

namespace PaliGguf.Cli.Mcp;

/// <summary>The tools whose result is text.</summary>
internal static class AnswerTools
{
    public static AnswerTool<CaptionArguments> Caption(ToolBench bench) => new(
        bench, McpJson.Readable.CaptionArguments, "caption_image", "Caption a picture", "Describe a picture in one sentence.",
        bench.Pictures.ReadOneAsync, (arguments, language) => Prompts.Caption(arguments.Language ?? language));

    public static AnswerTool<CaptionArguments> Describe(ToolBench bench) => new(
        bench, McpJson.Readable.CaptionArguments, "describe_image", "Describe a picture", "Describe a picture at more length than a caption does.",
        bench.Pictures.ReadOneAsync, (arguments, language) => Prompts.Describe(arguments.Language ?? language));

    public static AnswerTool<QuestionArguments> Ask(ToolBench bench) => new(
        bench, McpJson.Readable.QuestionArguments, "ask_image", "Ask about a picture", "Answer a short question about a picture, in a word or a few.",
        bench.Pictures.ReadOneAsync, (arguments, language) => Prompts.Answer(arguments.Question, arguments.Language ?? language));

    public static AnswerTool<PictureOnlyArguments> ReadText(ToolBench bench) => new(
        bench, McpJson.Readable.PictureOnlyArguments, "read_text", "Read the text in a picture", "Read the text that is in a picture (OCR); empty where there is none.",
        bench.Pictures.ReadOneAsync, (_, _) => Prompts.Ocr);

    public static AnswerTool<PromptArguments> Generate(ToolBench bench) => new(
        bench, McpJson.Readable.PromptArguments, "generate_text", "Answer any prompt about pictures",
        "Answer a prompt about one picture or several together, exactly as the model is to see it: fine-tuned models may expect prompts of their own.",
        bench.Pictures.ReadSomeAsync, (arguments, _) => arguments.Prompt);

    public static AnswerTool<VideoArguments> Video(ToolBench bench) => new(
        bench, McpJson.Readable.VideoArguments, "ask_video", "Answer a prompt about a video",
        "Answer a prompt about evenly spaced frames of a video (which needs ffmpeg) or of an animated GIF or WebP.",
        bench.Pictures.ReadFramesAsync, (arguments, _) => arguments.Prompt);
}
