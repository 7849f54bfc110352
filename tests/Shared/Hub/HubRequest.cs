namespace PaliGguf.Tests.Hub;

/// <summary>What somebody asked a <see cref="LocalHub"/> for.</summary>
/// <param name="ToContent">Whether it was asked of the host with the large files.</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="Query">The query.</param>
/// <param name="Range">The header "Range"; empty where there is none.</param>
/// <param name="IfRange">The header "If-Range", likewise.</param>
/// <param name="Authorization">Who asked, likewise.</param>
internal sealed record HubRequest(bool ToContent, string Path, string Query, string Range, string IfRange, string Authorization);
