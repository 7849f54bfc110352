using System.Formats.Tar;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Documentation;

/// <summary>
/// A folder with what the commands of the documentation name: pictures, data sets, checkpoints and pairs, all of the repository's small model.
/// </summary>
internal static class DocumentedFiles
{
    private static readonly string Samples = Path.Combine(Repository.PaliNano, "samples");
    private static readonly string Pair = Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf");

    public static async Task WriteAsync(string folder)
    {
        foreach (string name in (string[])["photo.jpg", "street.jpg", "photos/1.jpg", "photos/2.jpg", "train/1.jpg", "DIR/1.jpg",
            "DIR/2.jpg", "archive/1.jpg", "val2017/000000000001.jpg", "val2014/COCO_val2014_000000000001.jpg", "IMAGE"])
        {
            Place(folder, name, Path.Combine(Samples, name.Contains('2') ? "scene_02.png" : "scene_01.png"));
        }

        Write(folder, "photos/damaged.jpg", "no picture");
        foreach (string name in (string[])["paligemma2-3b-mix-224", "paligemma2-3b-pt-224", "CHECKPOINT", "SOURCE"])
            Directory.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Repository.PaliNano, "checkpoint"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "thai-caption"), Path.Combine(Repository.PaliNano, "adapter-thai-sentence"));
        string[] pairs = ["paligemma2-3b-mix-448-Q4_K_M", "my-model-Q4_K_M"];
        foreach (string name in (string[])["MODEL/a", "MODELS/a", "REFERENCE/a", "CANDIDATE/a", .. pairs.Select(pair => $"models/{pair}")])
            PlacePair(folder, name, Pair);
        Directory.CreateSymbolicLink(Path.Combine(folder, "models", "pali-nano"), Repository.PaliNano);
        string[] adapter = ["adapter", Path.Combine(folder, "thai-caption"), "--model", Pair, "--out", Path.Combine(folder, "thai.gguf")];
        (await BuiltProgram.RunAsync(adapter)).Succeeded();
        ConversionResult exact = await ConvertedModels.PaliNano(ModelFileType.F16);
        PlacePair(folder, "NAME-F16", exact.TextPath);
        PlacePair(folder, "model-F16", exact.TextPath);
        ImageFile.Save(Mask(), Path.Combine(folder, "mask.png"));
        Write(folder, "instances_train.json", Instances("1.jpg"));
        Write(folder, "instances_val2017.json", Instances("000000000001.jpg"));
        WriteEvaluations(folder);
        Directory.CreateDirectory(Path.Combine(folder, "shards"));
        await using TarWriter shard = new(File.Create(Path.Combine(folder, "shards", "1.tar")));
        await shard.WriteEntryAsync(Path.Combine(Samples, "scene_01.png"), "1.png");
    }

    private static void WriteEvaluations(string folder)
    {
        const string Captions = """
            {"images": [{"id": 1, "file_name": "COCO_val2014_000000000001.jpg"}], "annotations": [{"id": 1, "image_id": 1, "caption": "a turtle"}]}
            """;
        Write(folder, "captions_val2014.json", Captions);
        Write(folder, "v2_OpenEnded_mscoco_val2014_questions.json",
            """{"questions": [{"image_id": 1, "question_id": 9, "question": "is there a turtle?"}]}""");
        string answers = string.Join(", ",
            Enumerable.Range(1, 10).Select(id => $$"""{"answer": "yes", "answer_confidence": "yes", "answer_id": {{id}}}"""));
        Write(folder, "v2_mscoco_val2014_annotations.json",
            $$"""
            {"annotations": [{"image_id": 1, "question_id": 9, "question_type": "is there a", "answer_type": "yes/no",
            "multiple_choice_answer": "yes", "answers": [{{answers}}]}]}
            """);
        Write(folder, "my-captions/test.jsonl", """{"image": "1.jpg", "prefix": "caption th", "suffix": "เต่าหนึ่งตัว"}""");
        Place(folder, "my-captions/1.jpg", Path.Combine(Samples, "scene_01.png"));
        Write(folder, "scenes/thai.jsonl", """{"image": "1.png", "prefix": "caption th", "suffix": "เต่าหนึ่งตัว"}""");
        Write(folder, "scenes/detect.jsonl",
            """{"image": "1.png", "prefix": "detect turtle", "suffix": "<loc0103><loc0334><loc0320><loc0606> turtle"}""");
        Place(folder, "scenes/1.png", Path.Combine(Samples, "scene_01.png"));
        Write(folder, "words_th.txt", "เต่า\nหนึ่ง\nตัว\nบน\nพื้นหลัง\nสีส้ม\n");
        Write(folder, "results.json", """[{"image_id": 1, "caption": "a turtle"}]""");
        Write(folder, "answers.jsonl", """{"image_id": 1, "question_id": 9, "id": "9", "answer": "yes"}""");
        Write(folder, "references.jsonl", """{"id": "9", "references": ["yes"]}""");
    }

    private static void PlacePair(string folder, string name, string text)
    {
        string vision = Directory.EnumerateFiles(Path.GetDirectoryName(text)!, "mmproj-*.gguf").First();
        Place(folder, name + ".gguf", text);
        string path = Path.Combine(folder, name);
        Place(folder, Path.Combine(Path.GetDirectoryName(name)!, $"mmproj-{Path.GetFileName(path)}.gguf"), vision);
    }

    private static void Place(string folder, string name, string file)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(file, path);
    }

    private static void Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A white square on black.</summary>
    private static RgbImage Mask()
    {
        byte[] pixels = new byte[64 * 64 * 3];
        for (int row = 20; row < 40; row++) pixels.AsSpan(3 * ((row * 64) + 20), 60).Fill(255);
        return new RgbImage(64, 64, pixels);
    }

    private static string Instances(string picture) => $$"""
        {"images": [{"id": 1, "file_name": "{{picture}}", "width": 448, "height": 448}],
        "categories": [{"id": 7, "name": "person"}, {"id": 8, "name": "dog"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [100, 130, 100, 90], "area": 9000, "iscrowd": 0,
        "segmentation": [[100, 130, 200, 130, 200, 220, 100, 220]]}]}
        """;
}
