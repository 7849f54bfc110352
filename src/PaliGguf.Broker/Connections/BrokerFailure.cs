using System.Security.Authentication;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PaliGguf.Broker.Connections;

/// <summary>The connection to a broker is gone; what was not confirmed may have happened or not.</summary>
internal sealed class BrokerLostException(Exception? inner = null) : IOException("the connection to the broker is gone", inner);

/// <summary>Tells what keeps a connection from being opened: something that passes, or something that somebody has to mend.</summary>
internal static class BrokerFailure
{
    private const int AccessRefused = 403, Locked = 405, DeclaredOtherwise = 406, NotAllowed = 530;

    /// <summary>An exception that says what is to be mended; null where waiting may help.</summary>
    /// <param name="failure">What opening a connection and declaring its queues has thrown.</param>
    /// <param name="address">The broker.</param>
    /// <param name="job">The job.</param>
    public static PaliException? ToMend(Exception failure, BrokerAddress address, JobName job)
    {
        foreach (Exception cause in Causes(failure))
        {
            string? problem = cause switch
            {
                PaliException known => known.Message,
                AuthenticationFailureException => $"{address}: the broker does not let in the user '{address.User}' with this password: set "
                    + "PALIGGUF_BROKER_USER and PALIGGUF_BROKER_PASSWORD.",
                AuthenticationException => $"{address}: the broker speaks no TLS there, or none that this program does "
                    + $"({OneLine(cause.Message)}): see to its listeners.ssl, or name it with amqp:// where nobody listens in.",
                OperationInterruptedException { ShutdownReason: { } reason } => Problem(reason, address, job),
                _ => null,
            };
            if (problem is not null) return cause as PaliException ?? new PaliException(problem, failure);
        }

        return null;
    }

    /// <summary>Whether somebody else holds what only one may.</summary>
    public static bool IsLock(Exception failure) =>
        Causes(failure).OfType<OperationInterruptedException>().Any(cause => cause.ShutdownReason?.ReplyCode == Locked);

    /// <summary>What a failure says, in one line.</summary>
    public static string Describe(Exception failure)
    {
        Exception cause = Causes(failure).Last();
        return OneLine(cause is OperationInterruptedException { ShutdownReason: { } reason } ? reason.ReplyText : cause.Message);
    }

    private static string? Problem(ShutdownEventArgs reason, BrokerAddress address, JobName job) => reason.ReplyCode switch
    {
        Locked => $"{address}: somebody else collects the job '{job.Name}' (or did until a minute ago): wait for that, or name another with "
            + "--job.",
        DeclaredOtherwise => $"{address}: a queue of the job '{job.Name}' was declared otherwise by somebody else "
            + $"({OneLine(reason.ReplyText)}): name another job with --job, or delete that queue.",
        AccessRefused => $"{address}: the user '{address.User}' may not do this ({OneLine(reason.ReplyText)}): give it the permissions to "
            + "configure, write and read queues 'paligguf.*'.",
        NotAllowed when reason.ReplyText.Contains("not found", StringComparison.Ordinal) =>
            $"{address}: the broker has no virtual host '{address.VirtualHost}'.",
        NotAllowed when reason.ReplyText.Contains("refused for user", StringComparison.Ordinal)
            && !reason.ReplyText.Contains("is down", StringComparison.Ordinal) =>
            $"{address}: the user '{address.User}' may not come to the virtual host '{address.VirtualHost}'.",
        _ => null,
    };

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException) yield return cause;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
