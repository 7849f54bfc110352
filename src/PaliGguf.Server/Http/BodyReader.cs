using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>Reads requests from bodies: JSON, the same fields as a form with the picture as a file, or the file alone with the fields in the query.</summary>
internal sealed class BodyReader(BodyBudget budget, ServerOptions options)
{
    /// <summary>Reads a request.</summary>
    /// <typeparam name="T">What it says.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="type">How that is read from JSON.</param>
    /// <param name="withFile">Makes it have the picture that came as a file.</param>
    /// <exception cref="RejectionException">The body is malformed, too large, or of another type.</exception>
    public async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, byte[], T> withFile)
        where T : class
    {
        CancellationToken cancellationToken = RequestClock.Of(context).Token;
        using RequestBody body = await RequestBody.ReadAsync(context, budget, options.MaxBody, cancellationToken);
        if (body.MediaType == "application/json") return Parse(body.Content.Span, type);
        if (body.MediaType == "multipart/form-data" && body.Boundary.Length > 0)
        {
            FormBody form = await FormBody.ReadAsync(body, type, cancellationToken);
            T request = Parse(form.Fields.Span, type);
            return form.Picture is null ? request : withFile(request, form.Picture);
        }

        if (body.MediaType.StartsWith("image/", StringComparison.Ordinal) && body.Content.Length > 0)
        {
            return withFile(Parse(FormBody.Of(context.Request.Query, type).Fields.Span, type), body.Content.ToArray());
        }

        throw Rejection.WrongType($"The body is of the type '{body.MediaType}': expected application/json, multipart/form-data or image/...");
    }

    /// <summary>Reads a request that is JSON.</summary>
    public async Task<T> ReadJsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        using RequestBody body = await RequestBody.ReadAsync(context, budget, options.MaxBody, RequestClock.Of(context).Token);
        return body.MediaType == "application/json" ? Parse(body.Content.Span, type) : throw Rejection.WrongType($"The body is of the type '{body.MediaType}': expected application/json.");
    }

    private static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Rejection.Malformed("The body is null: expected a JSON object.");
        }
        catch (JsonException failure)
        {
            throw Explain(failure, type);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, for example.
            throw Rejection.Malformed("The body holds text that is not Unicode.");
        }
    }

    // The serializer's own words name types of this program.
    private static RejectionException Explain(JsonException failure, JsonTypeInfo type)
    {
        string field = failure.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "";
        string name = field.Split('.', '[')[0];
        if (failure.InnerException is not null && failure.InnerException.GetType().Name == "JsonReaderException") return Rejection.Malformed($"The body is not JSON: line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}.");
        if (name.Length == 0) return Rejection.Malformed("The body is not what is expected here: a JSON object with fields of their types, each once.");
        bool known = type.Properties.Any(property => property.Name == name);
        return known
            ? Rejection.Invalid(field, $"The field '{field}' is not of its type, or given twice.")
            : Rejection.Invalid(name, $"There is no field '{name}': there are {string.Join(", ", type.Properties.Select(property => property.Name))}.");
    }
}
