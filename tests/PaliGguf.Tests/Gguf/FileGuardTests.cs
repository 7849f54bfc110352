using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

/// <summary>Who may write to a file that is in use, and when: another process, as one of .NET respects other locks.</summary>
public sealed class FileGuardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public FileGuardTests() => File.WriteAllText(_path = _folder.File("guarded"), "what is there");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_writer_waits_for_the_last_user()
    {
        if (!Writer.CanBeKeptWaiting(_path)) return;
        using FileStream file = File.OpenRead(_path);
        using FileGuard guard = new(file.SafeFileHandle);
        guard.Enter();
        using Writer writer = Writer.Emptying(_path);
        await Eventually(() => !guard.IsOnPost);
        guard.Leave();
        Assert.Equal("what is there", new StreamReader(file).ReadToEnd());
        guard.Leave();
        await writer.HasWrittenAsync();
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public async Task Nobody_enters_before_one_who_waits()
    {
        if (!Writer.CanBeKeptWaiting(_path)) return;
        using FileStream file = File.OpenRead(_path);
        using FileGuard guard = new(file.SafeFileHandle);
        using Writer writer = Writer.Opening(_path);
        await Eventually(() => !guard.IsOnPost);
        guard.Enter();
        Assert.False(guard.IsOnPost);
        guard.Leave();
        guard.Leave();
        await writer.HasOpenedAsync();
        guard.Enter();
        Assert.False(guard.IsOnPost);
        guard.Leave();
        writer.Close();
        await Eventually(() =>
        {
            guard.Enter();
            bool again = guard.IsOnPost;
            guard.Leave();
            return again;
        });
    }

    [Fact]
    public async Task One_writer_after_the_other_is_let_go_while_there_is_no_user()
    {
        if (!Writer.CanBeKeptWaiting(_path)) return;
        using FileStream file = File.OpenRead(_path);
        using FileGuard guard = new(file.SafeFileHandle);
        guard.Leave();
        for (int turn = 0; turn < 3; turn++)
        {
            await Writer.Emptying(_path).HasWrittenAsync();
            guard.Enter();
            Assert.True(guard.IsOnPost);
            guard.Leave();
        }
    }

    [Fact]
    public async Task The_thread_that_opened_the_file_may_have_ended()
    {
        if (!Writer.CanBeKeptWaiting(_path)) return;
        using FileStream file = File.OpenRead(_path);
        FileGuard? guard = null;
        Thread opener = new(() => guard = new FileGuard(file.SafeFileHandle));
        opener.Start();
        opener.Join();
        using (guard)
        {
            guard!.Leave();
            await Writer.Emptying(_path).HasWrittenAsync();
        }
    }

    [Fact]
    public async Task A_user_who_stays_is_told_again_and_again()
    {
        if (!Writer.CanBeKeptWaiting(_path)) return;
        using FileStream file = File.OpenRead(_path);
        using FileGuard guard = new(file.SafeFileHandle) { Patience = TimeSpan.FromMilliseconds(1) };
        int told = 0;
        guard.Overdue = () => told++;
        using Writer writer = Writer.Emptying(_path);
        await Eventually(() => told > 1);
        Assert.NotEqual(0, file.Length);
        guard.Leave();
        await writer.HasWrittenAsync();
    }

    [Fact]
    public async Task Disposing_ends_the_wait()
    {
        if (!Writer.CanBeKeptWaiting(_path)) return;
        using FileStream file = File.OpenRead(_path);
        FileGuard guard = new(file.SafeFileHandle);
        using Writer writer = Writer.Emptying(_path);
        await Eventually(() => !guard.IsOnPost);
        guard.Dispose();
        await writer.HasWrittenAsync();
    }

    [Fact]
    public void Where_another_has_the_file_open_for_writing_already_there_is_no_guard()
    {
        using FileStream writer = new(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using FileStream file = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using FileGuard guard = new(file.SafeFileHandle);
        Assert.True(guard.IsOnPost);
        guard.Leave();
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(1, patience.Token);
    }
}
