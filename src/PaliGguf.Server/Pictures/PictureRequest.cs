using System.ComponentModel;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Pictures;

/// <summary>What all requests of the own API have: a picture, here or uploaded before.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal abstract record PictureRequest
{
    [Description("The picture: the base64 of an image file, or a data URL of it; in a multipart body the file itself. An https address, if "
        + "the server fetches from its host.")]
    public PictureData? Image { get; init; }

    [Description("In place of the picture: the id of one that was uploaded to /api/pictures.")]
    public string? Picture { get; init; }

    [Description("The model's name, of those that /v1/models lists. Default: the only one, or the one that the server was told.")]
    public string? Model { get; init; }

    /// <summary>The pictures that came with the request, by whatever name.</summary>
    [JsonIgnore]
    public IReadOnlyList<PictureData> Sent { get; init; } = [];

    /// <summary>The ids of pictures that were uploaded before.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<string> Uploaded => Picture is null ? [] : [Picture];

    [Description("The LoRA adapters to answer with, each as NAME or NAME:SCALE; none for an empty list. Default: all that are loaded.")]
    public IReadOnlyList<string>? Adapters { get; init; }
}
