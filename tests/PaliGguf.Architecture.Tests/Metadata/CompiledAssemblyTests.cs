namespace PaliGguf.Architecture.Tests.Metadata;

public sealed class CompiledAssemblyTests
{
    private const string Used = """
        namespace Sample.Right
        {
            public class Y { public static int Value; public static Y Make() => null; }
            public sealed class Failure : Exception { }
            public interface IY { }
            public struct S { public int Number; }
            public enum Small : byte { One = 1 }
            public delegate void Changed(Y y);
            public sealed class MarkAttribute : Attribute
            {
                public MarkAttribute(params object[] values) { }
                public Type Kind;
                public Small Size;
            }
        }
        """;

    [Theory]
    [InlineData("Y", "class X : Y { }")]
    [InlineData("IY", "class X : IY { }")]
    [InlineData("Y", "class X { Y _field; }")]
    [InlineData("Y", "class X { List<Y[]> _field; }")]
    [InlineData("Y", "unsafe class X { delegate*<Y, void> _field; }")]
    [InlineData("S", "unsafe class X { S* _field; }")]
    [InlineData("S", "class X { (int, S?) _field; }")]
    [InlineData("Y", "class X { Y Property { get; set; } }")]
    [InlineData("Changed", "class X { event Changed Event; }")]
    [InlineData("Y", "class X { void M(in Y y) { } }")]
    [InlineData("Y", "class X { IEnumerable<Y> M() => null; }")]
    [InlineData("Y", "class X { T M<T>() where T : Y => null; }")]
    [InlineData("IY", "class X<T> where T : IY { }")]
    [InlineData("Mark", "[Mark] class X { }", "Attribute")]
    [InlineData("Mark", "class X { void M([Mark] int value) { } }", "Attribute")]
    [InlineData("Mark", "class X { [Mark] int Property { get; set; } }", "Attribute")]
    [InlineData("Mark", "class X<[Mark] T> { }", "Attribute")]
    [InlineData("Y", "[Mark(Kind = typeof(Y))] class X { }")]
    [InlineData("Y", "[Mark(1, typeof(List<Y[]>), Size = Small.One)] class X { }")]
    [InlineData("Y", "[System.Diagnostics.DebuggerTypeProxy(typeof(Y))] class X { }")]
    [InlineData("Y", "class X { object M() => new Y(); }")]
    [InlineData("Y", "class X { object M() => new Y[3]; }")]
    [InlineData("Y", "class X { int M() => Y.Value; }")]
    [InlineData("Y", "class X { object M() => Y.Make(); }")]
    [InlineData("Y", "class X { object M() => typeof(Y); }")]
    [InlineData("Y", "class X { object M() => Enumerable.Empty<Y>(); }")]
    [InlineData("Y", "class X { bool M(object o) => o is Y; }")]
    [InlineData("Y", "class X { object M(List<object> all) => all.Select(one => Y.Make()); }")]
    [InlineData("Y", "class X { object M(int a) { int b = a + 1; Func<object> f = () => b > 0 ? Y.Make() : null; return f; } }")]
    [InlineData("Y", "class X { IEnumerable<object> M() { yield return Y.Make(); } }")]
    [InlineData("Y", "class X { async Task<object> M() { await Task.Yield(); return Y.Make(); } }")]
    [InlineData("Y", "class X { class Inner { Y _field; } }")]
    [InlineData("Failure", "class X { void M() { try { M(); } catch (Failure) { } } }")]
    [InlineData("Y",
        "class X { object M(int a) { switch (a) { case 0: return 1; case 1: return 2.5; case 2: return 3L; } return Y.Make(); } }")]
    [InlineData("S", "class X { int M() { S local = default; return local.Number; } }")]
    public void A_type_is_seen_wherever_it_is_named(string used, string user, string suffix = "")
    {
        CompiledAssembly sample = CompiledSample.Of(Used, $"namespace Sample.Left {{ using Sample.Right; {user} }}");

        Assert.Contains(
            sample.Uses.Where(use => use.User.Namespace == "Sample.Left" && use.User.Name.StartsWith('X')),
            use => use.Used == new NamedType("Sample.Right", used + suffix));
    }

    [Fact]
    public void What_is_not_named_is_not_used()
    {
        CompiledAssembly sample = CompiledSample.Of(
            Used, "namespace Sample.Left { class X { List<string> _field; object M(object o) => o is string ? typeof(int) : new X(); } }");

        Assert.DoesNotContain(sample.Uses, use => use.User.Namespace == "Sample.Left");
    }

    [Fact]
    public void References_to_other_assemblies_are_told() =>
        Assert.Contains("System.Linq", CompiledSample.Of("class X { object M() => Enumerable.Empty<int>(); }").References);
}
