namespace PaliGguf.Architecture.Tests.Metadata;

/// <summary>One type that uses another of the same assembly. Nested types, the compiler's too, count as the type around them.</summary>
internal readonly record struct TypeUse(NamedType User, NamedType Used);
