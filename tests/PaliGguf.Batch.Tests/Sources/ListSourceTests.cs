using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Batch.Sources;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Sources;

public sealed class ListSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_a_path_or_an_object_and_names_begin_at_the_lists_folder()
    {
        WorkItem[] items = Read("\uFEFFa.jpg\r\n\r\n /abs/b.jpg\n{\"image\": \"c.jpg\", \"id\": 7}\n{\"image\": \"d.jpg\"}");
        Assert.Equal(["a.jpg", " /abs/b.jpg", "7", "d.jpg"], items.Select(item => item.Id));
        Assert.Equal(_folder.File("a.jpg"), items[0].Picture.Name);
        Assert.Equal(_folder.File("c.jpg"), items[2].Picture.Name);
        Assert.All(items, item => Assert.Null(item.Problem));
    }

    [Fact]
    public void An_object_may_ask_several_things_and_is_called_after_them()
    {
        WorkItem[] items = Read("""
            {"image": "a.jpg", "task": ["caption", "detect cat"], "prompt": "answer en why?"}
            {"image": "a.jpg", "prompt": "ocr"}
            {"image": "a.jpg", "task": null}
            """);
        Assert.Equal(["caption en", "detect cat", "answer en why?"], items[0].Questions.Select(question => question.Prompt));
        Assert.Equal(["a.jpg#caption#detect cat#answer en why?", "a.jpg#ocr", "a.jpg"], items.Select(item => item.Id));
    }

    [Theory]
    [InlineData("{\"image\": \"a.jpg\"", "it is no JSON")]
    [InlineData("{}", "it has no 'image'")]
    [InlineData("{\"image\": 5}", "its 'image' is no text")]
    [InlineData("{\"image\": \"\"}", "its 'image' is no text")]
    [InlineData("{\"image\": \"a.jpg\", \"task\": \"paint\"}", "There is no task 'paint'")]
    [InlineData("{\"image\": \"a.jpg\", \"prompt\": [1]}", "neither a text nor a list of texts")]
    [InlineData("{\"image\": \"a.jpg\", \"prompt\": [\"ocr\", \"ocr\"]}", "it asks the same twice")]
    [InlineData("{\"image\": \"\\ud83d\"}", "not Unicode")]
    [InlineData("{\"image\": \"a\\u0000b\"}", "the name of its picture is none")]
    [InlineData("s3://bucket/a.jpg", "addresses are not fetched")]
    public void A_line_that_is_neither_is_an_item_that_fails_and_the_others_are_listed(string line, string problem)
    {
        WorkItem[] items = Read($"a.jpg\n{line}\nb.jpg\n");
        Assert.Equal(["a.jpg", $"{List}, line 2", "b.jpg"], items.Select(item => item.Id));
        Assert.Contains($"{List}, line 2: ", items[1].Problem);
        Assert.Contains(problem, items[1].Problem);
    }

    [Fact]
    public async Task An_address_is_a_picture_that_workers_of_a_job_may_fetch_and_nobody_else()
    {
        WorkItem item = Assert.Single(Read("""{"image": "https://example.com/a.jpg"}"""));
        Assert.Equal("https://example.com/a.jpg", Assert.IsType<PictureAddress>(item.Picture).Address.AbsoluteUri);
        Assert.Contains("--broker", (await Assert.ThrowsAsync<ImageException>(() => item.Picture.LoadAsync())).Message);
    }

    [Fact]
    public void A_line_without_end_is_passed_over()
    {
        WorkItem[] items = Read("a.jpg\n" + new string('x', 3 * BoundedLines.Longest) + "\nb.jpg");
        Assert.Equal(["a.jpg", "b.jpg"], items.Where(item => item.Problem is null).Select(item => item.Id));
        Assert.Contains("more than 1048576 bytes", items[1].Problem);
    }

    [Fact]
    public void Any_bytes_are_lines_as_many_as_are_counted()
    {
        byte[] alphabet = "{}[]\",:\\u \t\r\n\0a.jpgimage\u00e9"u8.ToArray();
        Prop.ForAll(Gen.Elements(alphabet).ArrayOf().ToArbitrary(), bytes =>
        {
            File.WriteAllBytes(List, bytes);
            ListSource source = ListSource.OfFile(List, new SourceOptions());
            WorkItem[] items = [.. source.Items()];
            Assert.Equal(source.Count(), items.Length);
            Assert.All(items, item => Assert.NotEmpty(item.Id));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lines_of_all_lengths_around_the_buffers_end_come_back()
    {
        string[] lines = [.. new[] { 1, BoundedLines.Longest - 1, BoundedLines.Longest, 5, BoundedLines.Longest / 2,
            BoundedLines.Longest / 2 + 1, 9 }.Select(length => new string('p', length))];
        Assert.Equal(lines, Read(string.Join('\n', lines)).Select(item => item.Id));
    }

    [Fact]
    public void Standard_input_is_read_once_and_not_counted()
    {
        IWorkSource source = WorkSources.Open(["-"], new SourceOptions
        {
            StandardInput = () => new MemoryStream("x.jpg\n{\"image\":\"y.jpg\"}\n"u8.ToArray()),
            Images = "there",
        });
        Assert.Equal(["x.jpg", "y.jpg"], source.Items().Select(item => item.Id));
        Assert.Equal(Path.Combine("there", "x.jpg"), source.Items().First().Picture.Name);
        Assert.Null(source.Count());
    }

    private string List => _folder.File("list.txt");

    private WorkItem[] Read(string text)
    {
        File.WriteAllText(List, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return [.. ListSource.OfFile(List, new SourceOptions()).Items()];
    }
}
