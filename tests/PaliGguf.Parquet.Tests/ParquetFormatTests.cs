using System.Text;
using Apache.Arrow;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Parquet.Tests;

public sealed class ParquetFormatTests : IDisposable
{
    private static readonly DatasetOptions Options = new() { Formats = [new ParquetFormat()] };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_questions_and_answers_stand_in_rows()
    {
        byte[] picture = await File.ReadAllBytesAsync(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));
        string file = _folder.File("validation-00000-of-00001.parquet");
        HubFile.Write(
            file, 2,
            ("image", HubFile.Images((picture, "a.png"), (picture, null), (picture, "a.png"))),
            ("question", HubFile.Texts("what?", "why?", "how?")),
            ("answers", HubFile.Lists(["one", "two"], ["three"], ["สี่"])));

        IReadOnlyList<EvaluationItem> items = Dataset.Read(_folder.Path, Options);
        Assert.Equal(["a.png", "validation-00000-of-00001:2", "a.png#2"], items.Select(item => item.Id));
        Assert.Equal(["what?", "why?", "how?"], items.Select(item => item.Question));
        Assert.Equal(["one", "two"], items[0].Expected.References);
        Assert.Equal(["สี่"], items[2].Expected.References);
        Assert.Equal($"{file}, row 2", items[1].Picture.Name);
        RgbImage image = await items[1].Picture.LoadAsync();
        Assert.Equal((448, 448), (image.Width, image.Height));
        Assert.Equal(picture, await items[2].Picture.ReadAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pictures_are_found_in_any_order(int groupLength)
    {
        string file = _folder.File("x.parquet");
        byte[][] pictures = [.. Enumerable.Range(0, 40).Select(i => Encoding.UTF8.GetBytes($"picture {i}"))];
        HubFile.Write(
            file, groupLength, ("image", HubFile.Images([.. pictures.Select(bytes => ((byte[]?, string?)?)(bytes, null))])),
            ("id", HubFile.Numbers([.. Enumerable.Range(0, 40).Select(i => (long)i)])),
            ("caption", HubFile.Texts([.. Enumerable.Range(0, 40).Select(i => $"caption {i}")])));
        IReadOnlyList<EvaluationItem> items = Dataset.Read(file, Options);
        int[] order = [.. Enumerable.Range(0, 40)];
        int[] mixed = [.. order];
        new Random(3).Shuffle(mixed);
        foreach (int i in order.Concat(mixed).Concat([0, 39, 0]))
        {
            Assert.Equal(pictures[i], await items[i].Picture.ReadAsync());
            Assert.Equal($"{i}", items[i].Id);
        }
    }

    [Fact]
    public async Task Bytes_may_stand_by_themselves()
    {
        string file = _folder.File("x.parquet");
        HubFile.Write(file, 9, ("image", HubFile.Bytes([1], [2, 3])), ("caption", HubFile.Texts("a", "b")));
        Assert.Equal([2, 3], await Dataset.Read(file, Options)[1].Picture.ReadAsync());
    }

    [Fact]
    public async Task A_row_without_a_picture_fails_when_it_is_read()
    {
        string file = _folder.File("x.parquet");
        HubFile.Write(file, 9, ("image", HubFile.Images(null, (null, "b.png"), ([], "c.png"))), ("caption", HubFile.Texts("a", "b", "c")));
        IReadOnlyList<EvaluationItem> items = Dataset.Read(file, Options);
        Assert.Contains("row 1: the row has no picture", (await Assert.ThrowsAsync<ImageException>(() => items[0].Picture.LoadAsync())).Message);
        Assert.Contains("row 2", (await Assert.ThrowsAsync<ImageException>(() => items[1].Picture.LoadAsync())).Message);
        await Assert.ThrowsAnyAsync<ImageException>(() => items[2].Picture.LoadAsync());
    }

    [Fact]
    public void Names_of_files_are_pictures_beside_it()
    {
        string file = _folder.File("x.parquet");
        HubFile.Write(file, 9, ("image", HubFile.Texts("a.png")), ("caption", HubFile.Texts("a")));
        Assert.Equal(_folder.File("a.png"), Dataset.Read(file, Options).Single().Picture.Name);
        HubFile.Write(file, 9, ("image", HubFile.Texts("../a.png")), ("caption", HubFile.Texts("a")));
        Assert.Contains("line 1: the picture '../a.png' is not in", Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message);
    }

    [Fact]
    public void Columns_of_other_types_are_an_error_that_names_them()
    {
        string file = _folder.File("x.parquet");
        HubFile.Write(file, 9, ("image", HubFile.Numbers(1)), ("caption", HubFile.Texts("a")));
        Assert.Contains("the column 'image' is int64; expected", Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message);

        Date32Array dates = new Date32Array.Builder().Append(DateTime.UnixEpoch).Build();
        HubFile.Write(file, 9, ("image", HubFile.Bytes([1])), ("caption", dates));
        string message = Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message;
        Assert.Contains("line 1: 'reference'", message);
        Assert.Contains("date32", message);

        HubFile.Write(file, 9, ("image", HubFile.Bytes([1])), ("title", HubFile.Texts("a")));
        Assert.Contains("line 1: there is no 'references'", Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message);
    }

    [Fact]
    public void What_is_no_Parquet_file_is_an_error()
    {
        string file = _folder.File("x.parquet");
        Assert.Contains("no such file", Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message);
        File.WriteAllText(file, "");
        Assert.StartsWith(file, Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message);
        HubFile.Write(file, 9, ("image", HubFile.Bytes([1])), ("caption", HubFile.Texts("a")));
        byte[] whole = File.ReadAllBytes(file);
        for (int length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.StartsWith(file, Assert.Throws<PaliException>(() => Dataset.Read(file, Options)).Message);
        }
    }

    [Fact]
    public async Task Damage_anywhere_is_an_error_or_other_text_and_never_more()
    {
        string file = _folder.File("x.parquet");
        HubFile.Write(file, 9, ("image", HubFile.Images(([1, 2, 3], "a.png"))), ("question", HubFile.Texts("q")), ("answers", HubFile.Lists(["a", "b"])));
        byte[] whole = await File.ReadAllBytesAsync(file);
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 0x41;
            await File.WriteAllBytesAsync(file, damaged);
            try
            {
                foreach (EvaluationItem item in Dataset.Read(file, Options)) await item.Picture.ReadAsync();
            }
            catch (Exception e) when (e is PaliException or ImageException)
            {
                Assert.NotEqual("", e.Message);
            }
        }
    }
}
