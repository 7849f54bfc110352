namespace PaliGguf.Packages.Tests.Feed;

/// <summary>Tests that share one feed.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesCollection : ICollectionFixture<PackedFeed>
{
    public const string Name = "packages";
}
