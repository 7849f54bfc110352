using PaliGguf.Language;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Tasks;

namespace PaliGguf.Native.Work;

/// <summary>What a caller asks, checked and copied.</summary>
internal sealed unsafe class Question : IDisposable
{
    private const int MostPictures = 1024;
    private const RequestFlags KnownFlags = RequestFlags.Borrow | RequestFlags.Seed | RequestFlags.Free | RequestFlags.Together;

    private Question(GivenPicture[] pictures) => Pictures = pictures;

    /// <summary>The pictures; their pixels perhaps the caller's.</summary>
    public GivenPicture[] Pictures { get; }

    /// <summary>The prompt and how to answer it, without the pictures; null where things are to be found.</summary>
    public GenerationRequest? Prompt { get; private init; }

    /// <summary>What is to be found.</summary>
    public string[] Labels { get; private init; } = [];

    /// <summary>How that is asked for.</summary>
    public DetectionOptions Detection { get; private init; } = new();

    /// <summary>Whether with masks.</summary>
    public bool Masks { get; private init; }

    /// <param name="given">pali_request.</param>
    /// <exception cref="CallException">It is none.</exception>
    /// <exception cref="ArgumentException">Something in it is out of range.</exception>
    public static Question Read(void* given)
    {
        Request own = Sized.Read<Request>(given, "request");
        RequestFlags flags = (RequestFlags)own.flags;
        if ((flags & ~KnownFlags) != default)
        {
            throw CallException.Argument($"request->flags {own.flags:X} has a flag that this version of the library does not know.");
        }
        if (own.task is < RequestTask.Prompt or > RequestTask.Segment)
        {
            throw CallException.Argument($"request->task is {(int)own.task}: there is no such task.");
        }
        if (own.max_tokens < 0) throw CallException.Argument($"request->max_tokens is {own.max_tokens}.");
        string? text = Texts.In(own.text, own.text_bytes, "request->text");
        string language = Texts.In(own.language, 0, "request->language") ?? "en";
        bool finds = own.task is RequestTask.Detect or RequestTask.Segment;
        string[] labels = finds ? Things(text) : [];
        GenerationRequest? prompt = finds ? null : PromptOf(own, flags, text, language);
        DetectionOptions detection = new()
        {
            MinScore = own.min_score,
            NonMaximumSuppression = own.max_overlap == 0 ? null : own.max_overlap,
            MaxTokens = own.max_tokens == 0 ? new DetectionOptions().MaxTokens : own.max_tokens,
            Free = flags.HasFlag(RequestFlags.Free),
            OneLabelAtATime = !flags.HasFlag(RequestFlags.Together),
        };
        prompt?.Validate();
        detection.Validate();
        return new Question(TakePictures(own, flags.HasFlag(RequestFlags.Borrow)))
        {
            Prompt = prompt,
            Labels = labels,
            Detection = detection,
            Masks = own.task == RequestTask.Segment,
        };
    }

    public void Dispose()
    {
        foreach (GivenPicture picture in Pictures) picture.Dispose();
    }

    private static GenerationRequest PromptOf(Request own, RequestFlags flags, string? text, string language) => new()
    {
        Prompt = own.task switch
        {
            RequestTask.Caption => Prompts.Caption(language),
            RequestTask.Describe => Prompts.Describe(language),
            RequestTask.Ocr => Prompts.Ocr,
            RequestTask.Answer => Prompts.Answer(text ?? throw Missing(), language),
            _ => text ?? throw Missing(),
        },
        MaxTokens = own.max_tokens == 0 ? 256 : own.max_tokens,
        Sampling = new SamplingOptions
        {
            Temperature = own.temperature,
            TopK = own.top_k,
            TopP = own.top_p == 0 ? 1 : own.top_p,
            MinP = own.min_p,
            Seed = flags.HasFlag(RequestFlags.Seed) ? own.seed : null,
        },
    };

    private static string[] Things(string? text)
    {
        string[] labels = (text ?? throw Missing()).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return labels.Length > 0 ? labels : throw CallException.Argument("request->text names nothing to look for.");
    }

    private static CallException Missing() => CallException.Argument("request->text is null, and this task needs one.");

    private static GivenPicture[] TakePictures(Request own, bool borrow)
    {
        if (own.picture_count > MostPictures)
        {
            throw CallException.Argument($"request->picture_count is {own.picture_count}: {MostPictures} are the most.");
        }
        if (own.task != RequestTask.Prompt && own.picture_count != 1)
        {
            throw CallException.Argument($"request->picture_count is {own.picture_count}: this task is about 1 picture.");
        }
        if (own.picture_count == 0) return [];
        // The first one tells how far it is to the next.
        uint size = Sized.Check<Picture>(own.pictures, "request->pictures");
        List<GivenPicture> pictures = [];
        try
        {
            for (uint index = 0; index < own.picture_count; index++)
            {
                byte* picture = own.pictures + (index * (ulong)size);
                if (*(uint*)picture != size)
                {
                    throw CallException.Argument($"request->pictures[{index}].size is {*(uint*)picture}, and that of the first {size}.");
                }
                pictures.Add(GivenPicture.Take(picture, $"request->pictures[{index}]", borrow));
            }

            return [.. pictures];
        }
        catch
        {
            foreach (GivenPicture picture in pictures) picture.Dispose();
            throw;
        }
    }
}
