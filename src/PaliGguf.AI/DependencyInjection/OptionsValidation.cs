using Microsoft.Extensions.Options;

namespace PaliGguf.AI.DependencyInjection;

/// <summary>Checks the settings of one model, all of them at once.</summary>
/// <param name="name">The model's name among several; empty for the one without.</param>
internal sealed class OptionsValidation(string name) : IValidateOptions<PaliGgufOptions>
{
    public ValidateOptionsResult Validate(string? candidate, PaliGgufOptions options)
    {
        if (candidate != name) return ValidateOptionsResult.Skip;
        string[] problems = [.. options.Problems().Select(problem => name.Length == 0 ? $"PaliGguf: {problem}" : $"PaliGguf '{name}': {problem}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
