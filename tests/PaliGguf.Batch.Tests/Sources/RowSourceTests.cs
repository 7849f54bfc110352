using PaliGguf.Batch.Sources;
using PaliGguf.Parquet.Tests;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Sources;

public sealed class RowSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Table => _folder.File("rows.parquet");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_row_is_an_item_called_after_its_number()
    {
        HubFile.Write(Table, 2, ("image", HubFile.Bytes([1], [2], [3])), ("prompt", HubFile.Texts("ocr", null, "ocr")));
        RowSource source = new(Table, new SourceOptions());
        WorkItem[] items = [.. source.Items()];
        Assert.Equal([$"{Table}:1", $"{Table}:2", $"{Table}:3"], items.Select(item => item.Id));
        Assert.All(items, item => Assert.Empty(item.Questions));
        foreach ((WorkItem item, byte content) in items.Zip<WorkItem, byte>([1, 2, 3]))
            Assert.Equal([content], await item.Picture.ReadAsync());
        Assert.Equal(3, source.Count());
    }

    [Fact]
    public void What_a_row_asks_is_asked_where_it_may_say_it()
    {
        HubFile.Write(Table, 3, ("image", HubFile.Bytes([1], [2], [3])), ("prompt", HubFile.Texts("ocr", null, "")),
            ("task", HubFile.Texts(null, "caption", "paint")));
        WorkItem[] items = [.. new RowSource(Table, new SourceOptions { TablesAsk = true }).Items()];
        Assert.Equal(["ocr", "caption en"], items[..2].Select(item => item.Questions.Single().Prompt));
        Assert.Contains("There is no task 'paint'", items[2].Problem);
    }

    [Fact]
    public void A_table_without_pictures_or_no_table_at_all_is_an_item_that_fails()
    {
        HubFile.Write(Table, 1, ("caption", HubFile.Texts("a")));
        Assert.Contains("no column 'image'", Assert.Single(WorkSources.Open([Table]).Items()).Problem);
        File.WriteAllText(Table, "nothing of the kind");
        Assert.Contains("no Parquet file", Assert.Single(WorkSources.Open([Table]).Items()).Problem);
    }
}
