using PaliGguf.Packages.Tests.Feed;

namespace PaliGguf.Packages.Tests.Consumers;

/// <summary>A test that takes minutes: "dotnet cake --target=Consumers" runs it.</summary>
internal sealed class ConsumersTheoryAttribute : TheoryAttribute
{
    private const string Variable = "PALIGGUF_CONSUMERS";

    public ConsumersTheoryAttribute()
    {
        Skip = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 }
            ? NpmFactAttribute.Missing : $"Minutes of publishing: set {Variable}, or run 'dotnet cake --target=Consumers'.";
    }
}
