namespace PaliGguf.Server.Pictures;

/// <summary>The file of a picture, not decoded yet.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Place">Where the request has it: "image", "messages[0].content[1].image_url.url".</param>
internal readonly record struct PictureFile(ReadOnlyMemory<byte> Bytes, string Place);
