using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Tasks;

/// <summary>A kind of picture that an answer is drawn as.</summary>
/// <param name="Name">What the field "format" calls it.</param>
/// <param name="MediaType">What the header Accept calls it.</param>
/// <param name="Pixels">How its pixels are stored; null for lines.</param>
internal sealed record DrawnFormat(string Name, string MediaType, ImageFormat? Pixels)
{
    private const string Json = "json";

    private static readonly DrawnFormat[] All =
    [
        new("png", "image/png", ImageFormat.Png), new("jpeg", "image/jpeg", ImageFormat.Jpeg), new("webp", "image/webp", ImageFormat.WebP), new("svg", "image/svg+xml", null),
    ];

    /// <summary>What a request asks for: by a field, by "?format=", or by the header Accept.</summary>
    /// <returns>Null for JSON.</returns>
    /// <exception cref="RejectionException">It is no such format.</exception>
    public static DrawnFormat? Of(HttpContext context, string? field)
    {
        string? name = field ?? context.Request.Query["format"].FirstOrDefault();
        if (name is not null)
        {
            return name == Json ? null
                : Array.Find(All, format => format.Name == name) ?? throw Rejection.Invalid("format", $"The format is none of {Json}, {string.Join(", ", All.Select(format => format.Name))}.");
        }

        // The one that is wanted most; of equals the first.
        foreach (MediaTypeHeaderValue accepted in context.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1))
        {
            string type = accepted.MediaType.Value ?? "";
            if (type is "*/*" or "application/*" or "application/json") return null;
            if (type == "image/*") return All[0];
            if (Array.Find(All, format => format.MediaType == type) is { } format) return format;
        }

        return null;
    }

    /// <summary>Draws an answer.</summary>
    public IResult Draw(AnnotatedPicture drawing) =>
        TypedResults.Bytes(Pixels is { } format ? ImageFile.Encode(drawing.Render(), format) : Encoding.UTF8.GetBytes(drawing.ToSvg()), MediaType);
}
