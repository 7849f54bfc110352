namespace PaliGguf.Architecture.Tests.Metadata;

internal readonly record struct NamedType(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}
