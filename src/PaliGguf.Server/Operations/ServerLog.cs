using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace PaliGguf.Server.Operations;

/// <summary>The log of a server: on standard error, a line per entry, for people or as JSON.</summary>
internal static class ServerLog
{
    public static void Add(ILoggingBuilder logging, bool json, LogLevel level)
    {
        logging.SetMinimumLevel(level).AddFilter("PaliGguf.PaliModel", level == LogLevel.Debug ? LogLevel.Debug : LogLevel.Warning);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (json)
        {
            logging.AddJsonConsole(console => (console.IncludeScopes, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "o"));
        }
        else
        {
            logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "HH:mm:ss.fff "));
        }
    }
}
