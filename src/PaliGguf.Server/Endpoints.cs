using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using PaliGguf.Server.Http;
using PaliGguf.Server.Metrics;
using PaliGguf.Server.Ollama;
using PaliGguf.Server.OpenAi;
using PaliGguf.Server.Operations;
using PaliGguf.Server.Security;
using PaliGguf.Server.Tasks;

namespace PaliGguf.Server;

/// <summary>All addresses of the server.</summary>
internal static class Endpoints
{
    private const string Json = "application/json";
    private const string Form = "multipart/form-data";
    private const string File = "image/*";
    private const string Bytes = "application/octet-stream";
    private const string Anything = "*/*";

    private static readonly string[] Drawings = ["image/png", "image/jpeg", "image/webp", "image/svg+xml"];

    public static void Map(WebApplication app)
    {
        IServiceProvider services = app.Services;
        MapTasks(app, services);
        MapOpenAi(app, services);
        MapOllama(app.MapGroup(""), services);
        RouteGroupBuilder apart = app.MapGroup(OllamaAddresses.Prefix);
        MapOllama(apart, services);
        Lines<OllamaGenerateRequest>(apart, "/api/generate", services.GetRequiredService<OllamaChats>().GenerateAsync,
            "Ollama's generate: the answer to a prompt.").WithTags("Ollama").WithMetadata(Protected.Access);
        MapOperations(app, services);
        app.MapOpenApi();
        EmbeddedPage.Map(app, typeof(Endpoints).Assembly);
    }

    private static void MapTasks(WebApplication app, IServiceProvider services)
    {
        RouteGroupBuilder api = app.MapGroup("/api").WithTags("Tasks").WithMetadata(Protected.Access);
        TextTasks texts = services.GetRequiredService<TextTasks>();
        Text<TextRequest>(api, "/caption", texts.CaptionAsync, "A caption of the picture.");
        Text<TextRequest>(api, "/describe", texts.DescribeAsync, "A longer description of the picture.");
        Text<TextRequest>(api, "/ocr", texts.OcrAsync, "The text that is in the picture.");
        Text<AnswerRequest>(api, "/answer", texts.AnswerAsync, "The answer to a question about the picture.");
        Text<GenerateRequest>(api, "/generate", texts.GenerateAsync, "The answer to any prompt.");
        Text<VideoRequest>(api, "/video", texts.VideoAsync, "The answer to any prompt about frames of a video.");
        Post<EachRequest>(api, "/each", services.GetRequiredService<EachTask>().RunAsync, "The answer to one prompt about each of several pictures.")
            .Produces<EachAnswersJson>().AddOpenApiOperationTransformer(Also(EventStream.ContentType)).WithMetadata(Counted.Request);
        InstanceTasks instances = services.GetRequiredService<InstanceTasks>();
        Drawn<InstancesRequest, InstancesJson>(api, "/detect", instances.DetectAsync, "Where things are in the picture: boxes, or the picture with them drawn into it.");
        Drawn<InstancesRequest, InstancesJson>(api, "/segment", instances.SegmentAsync, "The same with masks, as COCO run lengths and polygons.");
        Drawn<ChooseRequest, ChoicesJson>(api, "/choose", services.GetRequiredService<ChooseTask>().RunAsync, "How probable each of some answers to a prompt is.");
        PictureUploads pictures = services.GetRequiredService<PictureUploads>();
        Post<UploadRequest>(api, "/pictures", pictures.UploadAsync, "Keeps a picture, so that several requests can name it by its id.")
            .Produces<UploadJson>(StatusCodes.Status201Created).Produces<UploadJson>(StatusCodes.Status200OK).WithMetadata(Counted.Request);
        api.MapGet("/pictures/{id}", pictures.ShowAsync)
            .WithSummary("A picture that is kept, upright, as a JPEG file: for pages that can not show its format.")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Produces<ProblemJson>(StatusCodes.Status404NotFound, ProblemJson.ContentType).WithMetadata(Counted.Request);
        api.MapGet("/model", services.GetRequiredService<ModelStatus>().TellAsync)
            .WithSummary("The model, the memory it takes, and the server's limits.")
            .Produces<ModelStatusJson>();
    }

    private static void MapOpenAi(WebApplication app, IServiceProvider services)
    {
        RouteGroupBuilder api = app.MapGroup("/v1").WithTags("OpenAI").WithMetadata(Protected.Access);
        Conversation<ChatCompletionRequest, ChatCompletion>(api, "/chat/completions", services.GetRequiredService<ChatCompletions>().CompleteAsync,
            "OpenAI's chat completions: the answer to the last user message, with its pictures.");
        Conversation<ResponseRequest, ResponseJson>(api, "/responses", services.GetRequiredService<Responses>().CreateAsync,
            "OpenAI's responses: the answer to the last user message, with its pictures. None is kept.");
        ModelEntries models = services.GetRequiredService<ModelEntries>();
        api.MapGet("/models", models.List).WithSummary("The models that there are.").Produces<ModelList>();
        api.MapGet("/models/{*model}", models.Find)
            .WithSummary("A model.")
            .Produces<ModelEntry>().Produces<OpenAiErrorJson>(StatusCodes.Status404NotFound);
    }

    // Its generate is not here: the own API has one at that address, and a request could be meant for either.
    private static void MapOllama(RouteGroupBuilder group, IServiceProvider services)
    {
        group.WithTags("Ollama").WithMetadata(Protected.Access);
        OllamaModels models = services.GetRequiredService<OllamaModels>();
        Lines<OllamaChatRequest>(group, "/api/chat", services.GetRequiredService<OllamaChats>().ChatAsync,
            "Ollama's chat: the answer to the last user message, with its pictures.");
        group.MapGet("/api/tags", models.List).WithSummary("Ollama's list of models.").Produces<OllamaModelList>();
        group.MapGet("/api/ps", models.ListLoaded).WithSummary("Ollama's list of the models that are loaded.").Produces<OllamaModelList>();
        group.MapGet("/api/version", OllamaModels.Version)
            .WithSummary("The version of ollama's API that this is.")
            .Produces<OllamaVersion>();
        group.MapPost("/api/show", (Delegate)models.ShowAsync).WithSummary("What ollama's API tells of a model.")
            .Accepts<OllamaModelRequest>(Json, Anything).AddOpenApiOperationTransformer(OnlyNamedTypes).Produces<OllamaModel>();
        foreach (string path in OllamaAddresses.Refused)
            group.MapMethods(path, [HttpMethods.Post, HttpMethods.Delete], OllamaModels.Refuse).ExcludeFromDescription();
    }

    private static RouteHandlerBuilder Lines<TRequest>(
        RouteGroupBuilder api, string path, Func<HttpContext, Task<IResult>> handler, string summary)
        where TRequest : notnull =>
        Post(api, path, handler, summary).Accepts<TRequest>(Json, Anything)
            .AddOpenApiOperationTransformer(OnlyNamedTypes).Produces<OllamaAnswer>().AddOpenApiOperationTransformer(Also(LineStream.ContentType))
            .Produces<OllamaErrorJson>(StatusCodes.Status400BadRequest).WithMetadata(Counted.Request);

    private static void Conversation<TRequest, TAnswer>(
        RouteGroupBuilder api, string path, Func<HttpContext, Task<IResult>> handler, string summary)
        where TRequest : notnull =>
        Post(api, path, handler, summary).Accepts<TRequest>(Json, Anything)
            .AddOpenApiOperationTransformer(OnlyNamedTypes).Produces<TAnswer>().AddOpenApiOperationTransformer(Also(EventStream.ContentType))
            .Produces<OpenAiErrorJson>(StatusCodes.Status400BadRequest).WithMetadata(Counted.Request);

    private static void MapOperations(WebApplication app, IServiceProvider services)
    {
        RouteGroupBuilder operations = app.MapGroup("").WithTags("Operations");
        Health health = services.GetRequiredService<Health>();
        operations.MapGet("/healthz", health.Live).WithSummary("Whether the server lives.").Produces<HealthJson>();
        operations.MapGet("/readyz", health.Ready)
            .WithSummary("Whether the model is loaded and requests are taken.")
            .Produces<HealthJson>().Produces<HealthJson>(StatusCodes.Status503ServiceUnavailable);
        MapMetrics(operations).WithSummary("Metrics, as Prometheus reads them.").Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithMetadata(Protected.Access);
    }

    /// <summary>Maps the metrics.</summary>
    public static RouteHandlerBuilder MapMetrics(IEndpointRouteBuilder routes)
    {
        RequestDelegate write = routes.Metrics();
        // As a handler and not the exporter's own endpoint, which answers every method and has no description.
        return routes.MapGet("/metrics", (Delegate)((HttpContext context) => write(context)));
    }

    private static void Text<TRequest>(RouteGroupBuilder api, string path, Func<HttpContext, Task<IResult>> handler, string summary)
        where TRequest : notnull =>
        Post<TRequest>(api, path, handler, summary).Produces<AnswerJson>().AddOpenApiOperationTransformer(Also(EventStream.ContentType)).WithMetadata(Counted.Request);

    private static void Drawn<TRequest, TAnswer>(RouteGroupBuilder api, string path, Func<HttpContext, Task<IResult>> handler, string summary)
        where TRequest : notnull =>
        Post<TRequest>(api, path, handler, summary).Produces<TAnswer>().AddOpenApiOperationTransformer(Also(Drawings)).WithMetadata(Counted.Request);

    private static RouteHandlerBuilder Post<TRequest>(RouteGroupBuilder api, string path, Func<HttpContext, Task<IResult>> handler, string summary)
        where TRequest : notnull
    {
        RouteHandlerBuilder endpoint = Post(api, path, handler, summary)
            .Accepts<TRequest>(Json, Form, File, Bytes, Anything).AddOpenApiOperationTransformer(OnlyNamedTypes);
        int[] failures =
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
            StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable, StatusCodes.Status504GatewayTimeout,
        ];
        foreach (int status in failures) endpoint.Produces<ProblemJson>(status, ProblemJson.ContentType);
        return endpoint;
    }

    /// <summary>Tells that an answer may also be of other types, which are no JSON.</summary>
    private static Func<OpenApiOperation, OpenApiOperationTransformerContext, CancellationToken, Task> Also(params string[] types) => (operation, _, _) =>
    {
        IDictionary<string, OpenApiMediaType> content = operation.Responses![$"{StatusCodes.Status200OK}"].Content!;
        foreach (string type in types) content[type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        return Task.CompletedTask;
    };

    /// <summary>Leaves out what is taken only to be refused in words of our own, which routing does without any.</summary>
    private static Task OnlyNamedTypes(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.RequestBody!.Content!.Remove(Anything);
        return Task.CompletedTask;
    }

    // By a lambda, for which the compiler writes what calls it; as a delegate, since a RequestDelegate has no description.
    private static RouteHandlerBuilder Post(RouteGroupBuilder api, string path, Func<HttpContext, Task<IResult>> handler, string summary) =>
        api.MapPost(path, (Delegate)((HttpContext context) => handler(context))).WithSummary(summary);
}
