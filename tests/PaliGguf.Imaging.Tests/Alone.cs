namespace PaliGguf.Imaging.Tests;

/// <summary>Tests of what the whole process shares: none of the others runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Alone
{
    public const string Name = nameof(Alone);
}
