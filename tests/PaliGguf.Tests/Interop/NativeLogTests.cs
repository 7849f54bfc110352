using Microsoft.Extensions.Logging;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class NativeLogTests
{
    private const int Debug = 1, Info = 2, Warning = 3, Error = 4, Continue = 5;

    [Fact]
    public void Parts_of_a_line_come_out_as_one_message()
    {
        Recorder recorder = new();
        using NativeLog.Route route = NativeLog.To(recorder);
        route.Append(Info, "loading");
        route.Append(Continue, " ...");
        Assert.Empty(recorder.Lines);
        route.Append(Continue, " done\n");
        Assert.Equal(["Debug: loading ... done"], recorder.Lines);
    }

    [Fact]
    public void A_new_message_ends_an_unfinished_one_and_so_does_the_end()
    {
        Recorder recorder = new();
        using (NativeLog.Route route = NativeLog.To(recorder))
        {
            route.Append(Warning, "first");
            route.Append(Debug, "second\n");
            route.Append(Debug, "\n");
            route.Append(Error, "third");
        }

        Assert.Equal(["Information: first", "Trace: second", "Warning: third"], recorder.Lines);
    }

    [Fact]
    public void The_first_errors_are_kept_as_one_line()
    {
        using NativeLog.Route route = NativeLog.To(new Recorder());
        Assert.Equal("", route.Errors);
        route.Append(Error, "one\r\nhalf\n");
        route.Append(Warning, "not an error\n");
        for (int index = 2; index < 9; index++) route.Append(Error, $"{index}\n");
        Assert.Equal("one half; 2; 3; 4", route.Errors);
    }

    [Fact]
    public void The_librarys_own_messages_reach_the_innermost_route_of_their_thread()
    {
        Recorder outer = new(), inner = new();
        NativeLibraries.Load();
        using NativeLog.Route outerRoute = NativeLog.To(outer);
        using (NativeLog.To(inner)) Complain();
        Assert.NotEmpty(inner.Lines);
        Assert.Empty(outer.Lines);
        Complain();
        Assert.NotEmpty(outer.Lines);

        int before = outer.Lines.Count;
        Thread other = new(Complain);
        other.Start();
        other.Join();
        Assert.Equal(before, outer.Lines.Count);
    }

    [Fact]
    public void A_logger_that_throws_does_no_harm_to_the_library()
    {
        Recorder outer = new();
        NativeLibraries.Load();
        using NativeLog.Route outerRoute = NativeLog.To(outer);
        using (NativeLog.To(new Thrower())) Complain();
        Complain();
        Assert.NotEmpty(outer.Lines);
    }

    /// <summary>Asks the library for a model that does not exist, which it says in its log.</summary>
    private static void Complain()
    {
        using LlamaModelHandle none = Llama.llama_model_load_from_file("/no/such/model.gguf", Llama.llama_model_default_params());
        Assert.True(none.IsInvalid);
    }

    private sealed class Thrower : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The log is full.");
    }
}
