using System.ComponentModel;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.Tasks;

/// <summary>A task whose answer is text.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal record TextRequest : PictureRequest
{
    [Description("The language of the answer: en, de, th, ..., or its name. Default: en.")]
    public string? Language { get; init; }

    [Description("The longest answer in tokens, 1 or more.")]
    public int? MaxTokens { get; init; }

    [Description("0 for the most probable token each time (the default); above, tokens are drawn.")]
    public float? Temperature { get; init; }

    [Description("Draw from so many of the most probable tokens; 0 for all (the default).")]
    public int? TopK { get; init; }

    [Description("Draw from the most probable tokens that together reach this probability, more than 0 to 1. Default: 1.")]
    public float? TopP { get; init; }

    [Description("Draw from tokens at least this fraction as probable as the best, 0 to 1. Default: 0.")]
    public float? MinP { get; init; }

    [Description("Makes drawing repeatable.")]
    public int? Seed { get; init; }

    [Description("Search for the most probable whole answer along so many answers at once. Default: 1, no search.")]
    public int? Beams { get; init; }

    [Description("Texts that end the answer.")]
    public IReadOnlyList<string>? Stop { get; init; }

    [Description("Go on after the end of the answer, up to maxTokens: for measurements.")]
    public bool? IgnoreEos { get; init; }
}

/// <summary>A question about a picture.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AnswerRequest : TextRequest
{
    [Description("The question, in the language of the answer.")]
    public string? Question { get; init; }
}

/// <summary>Any prompt.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GenerateRequest : TextRequest
{
    [Description("The prompt, exactly as the model is to see it; it may be empty.")]
    public string? Prompt { get; init; }

    [Description("Several pictures, in place of one; in a multipart body several files.")]
    public IReadOnlyList<PictureData>? Images { get; init; }

    [Description("In place of several pictures: the ids of some that were uploaded.")]
    public IReadOnlyList<string>? Pictures { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Uploaded => [.. base.Uploaded, .. Pictures ?? []];
}

/// <summary>A prompt about each of several pictures.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EachRequest : TextRequest
{
    [Description("The prompt, exactly as the model is to see it with each picture. Default: that of a caption in the language.")]
    public string? Prompt { get; init; }

    [Description("The pictures; in a multipart body several files.")]
    public IReadOnlyList<PictureData>? Images { get; init; }

    [Description("In place of the pictures: the ids of some that were uploaded.")]
    public IReadOnlyList<string>? Pictures { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Uploaded => [.. base.Uploaded, .. Pictures ?? []];
}

/// <summary>A prompt about frames of a video.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VideoRequest : TextRequest
{
    [Description("The prompt, exactly as the model is to see it after the frames.")]
    public string? Prompt { get; init; }

    [Description("The file of a video, or of an animated GIF or WebP: its base64, or a data URL; in a multipart body the file itself.")]
    public PictureData? Video { get; init; }

    [Description("How many evenly spaced frames to look at, 1 to 256. Default: 16, or as many pictures as the context has room for.")]
    public int? Frames { get; init; }
}

/// <summary>Things to look for.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record InstancesRequest : PictureRequest
{
    [Description("What to look for, one or more; a text may name several: cat ; dog.")]
    public IReadOnlyList<string>? Labels { get; init; }

    [Description("Leave out what has a lower score, 0 to 1. Default: 0, in drawings 0.1.")]
    public float? MinScore { get; init; }

    [Description("Of two boxes of one label that overlap more than this (intersection over union, 0 to 1), keep the one with the higher score.")]
    public float? Nms { get; init; }

    [Description("Let the model write what it likes, and report what is not well-formed.")]
    public bool? Free { get; init; }

    [Description("The longest answer in tokens, 1 or more. Default: 512.")]
    public int? MaxTokens { get; init; }

    [Description("json (the default), or png, jpeg, webp or svg for the picture with what was found drawn into it.")]
    public string? Format { get; init; }
}

/// <summary>Answers to choose from.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChooseRequest : PictureRequest
{
    [Description("The prompt, exactly as the model is to see it.")]
    public string? Prompt { get; init; }

    [Description("The answers, one or more, all different.")]
    public IReadOnlyList<string>? Candidates { get; init; }

    [Description("json (the default), or png, jpeg, webp or svg for the picture with the most probable answer.")]
    public string? Format { get; init; }
}

/// <summary>A picture to keep.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UploadRequest
{
    [Description("The picture: the base64 of an image file, or a data URL of it; in a multipart body the file itself.")]
    public PictureData? Image { get; init; }
}

/// <summary>A picture that is kept.</summary>
/// <param name="Picture">Its id: the SHA-256 of the file.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Bytes">The size of the file.</param>
internal sealed record UploadJson(string Picture, int Width, int Height, int Bytes);

/// <summary>A token of an answer that is being made.</summary>
/// <param name="Text">The text that became certain with it.</param>
/// <param name="Id">Its id in the vocabulary.</param>
/// <param name="Logprob">The natural logarithm of its probability.</param>
internal sealed record TokenJson(string Text, int Id, float Logprob);

/// <summary>The answers about several pictures.</summary>
internal sealed record EachAnswersJson(IReadOnlyList<EachAnswerJson> Answers);

/// <summary>The answer about one of them, or what is wrong with it.</summary>
/// <param name="Picture">Which picture, from 0 on.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Error">The problem.</param>
internal sealed record EachAnswerJson(
    int Picture,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AnswerJson? Answer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemJson? Error);
