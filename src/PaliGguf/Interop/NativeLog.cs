using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace PaliGguf.Interop;

/// <summary>
/// Routes what the native libraries print to the logger of the call that made them print it. The libraries have one callback per
/// process and call it on the calling thread, so the route is kept per thread. Other threads' messages are dropped, or go where they
/// went before if the program itself uses the libraries.
/// </summary>
internal static unsafe class NativeLog
{
    [ThreadStatic]
    private static Route? _current;

    private static delegate* unmanaged[Cdecl]<int, byte*, void*, void> _programs;
    private static void* _programsData;

    /// <summary>Directs the messages of this thread to a logger until the result is disposed, and keeps the last errors.</summary>
    public static Route To(ILogger logger) => new Route(logger).Begin();

    /// <summary>Takes the callback, again where the program has set its own since.</summary>
    /// <param name="shared">Whether the program has loaded the libraries for itself, and may have set a callback of its own.</param>
    internal static void Install(bool shared)
    {
        delegate* unmanaged[Cdecl]<int, byte*, void*, void> own = &OnMessage;
        if (shared)
        {
            delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback;
            void* data;
            Llama.llama_log_get(&callback, &data);
            if ((nint)callback == (nint)own) return;
            _programsData = data;
            _programs = callback;
        }

        Ggml.ggml_log_set(own, null);
        Llama.llama_log_set(own, null);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(int level, byte* text, void* userData)
    {
        if (_current is not { } route)
        {
            if (_programs is not null) _programs(level, text, _programsData);
            return;
        }

        // An exception must not travel through native frames.
        try
        {
            route.Append(level, Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            route.Forget();
        }
    }

    /// <summary>A stretch of native calls whose messages go to one logger. It can begin again after its end, which costs no memory.</summary>
    internal sealed class Route(ILogger logger) : IDisposable
    {
        private const int LevelContinue = 5;

        // The libraries' own words, the C++ runtime's, and the system's.
        private static readonly string[] MemoryErrors = ["to allocate", "bad_alloc", "bad_array_new_length", "out of memory", "cannot allocate memory", "not enough memory"];

        private readonly StringBuilder _line = new();
        private readonly List<string> _errors = [];
        private Route? _outer;
        private int _level;

        /// <summary>What the library said went wrong, as one line; empty when it said nothing.</summary>
        public string Errors => string.Join("; ", _errors);

        /// <summary>Whether an error was that memory could not be had.</summary>
        public bool TellsOfMemory => _errors.Exists(error => MemoryErrors.Any(words => error.Contains(words, StringComparison.OrdinalIgnoreCase)));

        /// <summary>Directs the messages of this thread here until this is disposed; the errors of an earlier stretch are forgotten.</summary>
        public Route Begin()
        {
            _errors.Clear();
            _outer = _current;
            return _current = this;
        }

        public void Dispose()
        {
            // A logger may throw; the route ends all the same.
            _current = _outer;
            Flush();
        }

        internal void Append(int level, string text)
        {
            if (level != LevelContinue)
            {
                Flush();
                _level = level;
            }

            _line.Append(text);
            if (text.EndsWith('\n')) Flush();
        }

        internal void Forget() => _line.Clear();

        private void Flush()
        {
            if (_line.Length == 0) return;
            string message = _line.ToString().TrimEnd();
            _line.Clear();
            if (message.Length == 0) return;
            // ggml_log_level: 1 debug, 2 info, 3 warning, 4 error. The libraries' chatter is of interest to a debugger only.
            LogLevel logLevel = _level switch { 4 => LogLevel.Warning, 3 => LogLevel.Information, 2 => LogLevel.Debug, _ => LogLevel.Trace };
            if (_level == 4 && _errors.Count < 4) _errors.Add(message.ReplaceLineEndings(" "));
            logger.Log(logLevel, "{Message}", message);
        }
    }
}
