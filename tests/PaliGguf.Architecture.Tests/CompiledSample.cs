using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using PaliGguf.Architecture.Tests.Metadata;

namespace PaliGguf.Architecture.Tests;

/// <summary>A small assembly, compiled in memory.</summary>
internal static class CompiledSample
{
    private static readonly MetadataReference[] Framework =
    [
        .. new[] { typeof(object).Assembly, typeof(Enumerable).Assembly, typeof(Stack<>).Assembly, Assembly.Load("System.Runtime") }
            .Select(assembly => MetadataReference.CreateFromFile(assembly.Location)),
    ];

    private const string Usings = "using System; using System.Collections.Generic; using System.Linq; using System.Threading.Tasks;\n";

    private static readonly CSharpCompilationOptions Library =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release);

    public static CompiledAssembly Of(params string[] sources)
    {
        IEnumerable<SyntaxTree> trees = sources.Select(source => CSharpSyntaxTree.ParseText(Usings + source));
        CSharpCompilation compilation = CSharpCompilation.Create("Sample", trees, Framework, Library);
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        return CompiledAssembly.Read(image);
    }
}
