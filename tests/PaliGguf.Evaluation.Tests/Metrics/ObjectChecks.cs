using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Tests.Metrics;

internal static class ObjectChecks
{
    public static void Referring(MetricCase item)
    {
        bool all = item.Has("members");
        MetricCase[] members = all ? [.. item.File.Members(item)] : [item];
        ReferringScore score = ReferringSegmentation.Score(
            [.. members.Select(member => ReferringAnswer.Parse(Answer(member), Stencil))], [.. members.Select(Truth)]);
        item.Expect("mask_iou", () => score.MaskOverlap);
        item.Expect("box_at_0.5", () => score.BoxAccuracy[0.5]);
        item.Expect("box_at_0.75", () => score.BoxAccuracy[0.75]);
        item.Expect("invalid", () => score.Invalid);
        item.Expect("result", () => new Dictionary<string, object>
        {
            ["miou"] = score.MaskOverlap,
            ["boxacc/0.5"] = score.BoxAccuracy[0.5],
            ["boxacc/0.75"] = score.BoxAccuracy[0.75],
            ["invalid"] = score.Invalid,
            ["total"] = members.Length,
        });
    }

    public static void RunLengths(MetricCase item)
    {
        switch (item.Has("kind") ? item.Text("kind") : "")
        {
            case "mask":
                Mask(item, Bitmap(item["rows"]).ToRunLengths());
                break;
            case "polygon":
                Polygon(item);
                break;
            case "iou":
                Dictionary<string, CocoMask> masks = item["masks"].EnumerateObject()
                    .ToDictionary(mask => mask.Name, mask => new CocoMask(Bitmap(mask.Value).ToRunLengths()));
                Overlaps(item, Named("detections"), Named("ground_truth"));
                CocoMask[] Named(string field) => [.. item.Texts(field).Select(name => masks[name])];
                break;
            case "merge":
                Merge(item);
                break;
            case "box-iou":
                Overlaps(item, Boxes(item["detections_xywh"]), Boxes(item["ground_truth_xywh"]));
                break;
            default:
                throw new InvalidDataException($"{item.File.Name}: the kind of case '{item.Id}' is not known.");
        }
    }

    public static void Precision(MetricCase item)
    {
        AveragePrecisionScore score = item["ground_truth"].EnumerateArray().Concat(item["detections"].EnumerateArray())
            .Any(each => each.TryGetProperty("bbox_xywh", out _))
            ? Score(item, (each, _) => Box(each.GetProperty("bbox_xywh")))
            : Score(item, ReadMask);
        // A field's value of -1 is "no such object".
        item.Expect("stats", () => new Dictionary<string, object>
        {
            ["AP"] = score.Precision ?? -1,
            ["AP50"] = score.Precision50 ?? -1,
            ["AP75"] = score.Precision75 ?? -1,
            ["AP_small"] = score.PrecisionOfSmall ?? -1,
            ["AP_medium"] = score.PrecisionOfMedium ?? -1,
            ["AP_large"] = score.PrecisionOfLarge ?? -1,
            ["AR1"] = score.Recall1 ?? -1,
            ["AR10"] = score.Recall10 ?? -1,
            ["AR100"] = score.Recall100 ?? -1,
            ["AR_small"] = score.RecallOfSmall ?? -1,
            ["AR_medium"] = score.RecallOfMedium ?? -1,
            ["AR_large"] = score.RecallOfLarge ?? -1,
        });
    }

    private static AveragePrecisionScore Score<TShape>(MetricCase item, Func<JsonElement, MetricCase, TShape> read)
        where TShape : ICocoShape<TShape>
    {
        return AveragePrecision.Score<TShape>(
            [.. item["ground_truth"].EnumerateArray().Select(Truth)],
            [.. item["detections"].EnumerateArray().Select(each => new DetectedObject<TShape>(
                Number(each, "image"), Number(each, "category"), read(each, item), each.GetProperty("score").GetDouble()))]);

        AnnotatedObject<TShape> Truth(JsonElement each)
        {
            TShape shape = read(each, item);
            double area = each.TryGetProperty("area", out JsonElement given) ? given.GetDouble() : shape.Area;
            bool isCrowd = each.TryGetProperty("iscrowd", out JsonElement crowd) && crowd.GetInt32() != 0;
            return new AnnotatedObject<TShape>(Number(each, "image"), Number(each, "category"), shape, area, isCrowd);
        }
    }

    private static long Number(JsonElement item, string name) => item.GetProperty(name).GetInt64();

    private static CocoMask ReadMask(JsonElement item, MetricCase within)
    {
        if (item.TryGetProperty("rows", out JsonElement rows)) return new CocoMask(Bitmap(rows).ToRunLengths());
        JsonElement size = item.TryGetProperty("size", out JsonElement own) ? own : within["size"];
        return new CocoMask(RunLengthMask.FromCounts(size[1].GetInt32(), size[0].GetInt32(), item.GetProperty("counts").GetString()!));
    }

    private static void Polygon(MetricCase item)
    {
        double[][] polygons = [.. item["polygons_xy"].EnumerateArray().Select(Numbers)];
        RunLengthMask mask = PolygonMask.Fill(item["size"][1].GetInt32(), item["size"][0].GetInt32(), polygons);
        item.Expect("rows", () => Rows(mask.ToBitmap()));
        Mask(item, mask);
    }

    private static void Mask(MetricCase item, RunLengthMask mask)
    {
        item.Expect("uncompressed_counts", () => mask.Runs);
        item.Expect("counts", mask.ToCounts);
        item.Expect("size", () => new[] { mask.Height, mask.Width });
        item.Expect("area", () => mask.Area);
        CocoBox bounds = new CocoMask(mask).Bounds;
        item.Expect("bbox_xywh", () => new[] { bounds.X, bounds.Y, bounds.Width, bounds.Height });
        Assert.Equal<long>(mask.Runs, RunLengthMask.FromCounts(mask.Width, mask.Height, item.Text("counts")).Runs);
    }

    // The masks are those of the case of overlaps in the same file.
    private static void Merge(MetricCase item)
    {
        JsonElement all = item.File.Cases.First(other => other.Has("masks") && other.Has("iou"))["masks"];
        RunLengthMask[] masks = [.. item.Texts("masks").Select(name => Bitmap(all.GetProperty(name)).ToRunLengths())];
        bool intersect = item.Has("intersect") && item["intersect"].GetBoolean();
        item.Expect("counts", () => (intersect
            ? PaliGguf.Evaluation.Metrics.Objects.RunLengths.Intersection(masks)
            : PaliGguf.Evaluation.Metrics.Objects.RunLengths.Union(masks)).ToCounts());
    }

    private static void Overlaps<TShape>(MetricCase item, TShape[] detections, TShape[] truths)
        where TShape : ICocoShape<TShape>
    {
        bool[] crowds = [.. item["iscrowd"].EnumerateArray().Select(crowd => crowd.GetInt32() != 0)];
        item.Expect("iou", () => detections.Select(detection => truths.Select((truth, i) => detection.Overlap(truth, crowds[i]))));
    }

    private static CocoBox[] Boxes(JsonElement array) => [.. array.EnumerateArray().Select(Box)];

    private static CocoBox Box(JsonElement box) =>
        new(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble());

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static MaskBitmap Bitmap(JsonElement rows)
    {
        string[] lines = rows.Texts();
        byte[] pixels = [.. lines.SelectMany(line => line.Select(c => c == '#' ? (byte)1 : (byte)0))];
        return MaskBitmap.FromPixels(lines[0].Length, lines.Length, pixels);
    }

    private static IEnumerable<string> Rows(MaskBitmap mask) =>
        Enumerable.Range(0, mask.Height)
            .Select(y => new string([.. Enumerable.Range(0, mask.Width).Select(x => mask[x, y] ? '#' : '.')]));

    // A malformed answer is described in words.
    private static string Answer(MetricCase item)
    {
        string box = string.Concat(item["box_tokens"].EnumerateArray().Select(bin => $"<loc{bin.GetInt32():0000}>"));
        string mask = string.Concat(item["seg_tokens"].EnumerateArray().Select(word => $"<seg{word.GetInt32():000}>"));
        if (item["malformed"].ValueKind == JsonValueKind.False) return box + mask;
        string malformed = item.Text("malformed");
        if (malformed.StartsWith("the answer stops after ", StringComparison.Ordinal))
        {
            const int TokenLength = 9;
            const int Boxes = 4;
            int tokens = int.Parse(malformed.Split(' ')[4], System.Globalization.CultureInfo.InvariantCulture);
            return (box + mask)[..((Math.Min(tokens, Boxes) * TokenLength) + (Math.Max(0, tokens - Boxes) * (TokenLength - 1)))];
        }

        return malformed switch
        {
            "the first token is no location token" => "cat" + box[box.IndexOf('>', StringComparison.Ordinal)..] + mask,
            "mask tokens before the box tokens" => mask + box,
            _ => throw new InvalidDataException($"{item.File.Name}: an answer that is malformed like this is not known: {malformed}."),
        };
    }

    private static ReferredObject Truth(MetricCase item)
    {
        double[] box = Numbers(item["gt_box_y1x1y2x2"]);
        int width = item["width"].GetInt32();
        int height = item["height"].GetInt32();
        byte[] pixels = new byte[width * height];
        foreach (double[] rectangle in item["gt_rectangles_y1x1y2x2"].EnumerateArray().Select(Numbers))
        {
            for (int y = (int)rectangle[0]; y < (int)rectangle[2]; y++)
            {
                for (int x = (int)rectangle[1]; x < (int)rectangle[3]; x++) pixels[(y * width) + x] = 1;
            }
        }

        return new ReferredObject(box[0], box[1], box[2], box[3], MaskBitmap.FromPixels(width, height, pixels));
    }

    // The files' stand-in for the decoder.
    private static float[] Stencil(int[] words)
    {
        float[] logits = new float[MaskDecoder.Side * MaskDecoder.Side];
        for (int i = 0; i < logits.Length; i++)
        {
            double x = (i % MaskDecoder.Side) - (words[0] / 2.0);
            double y = (i / MaskDecoder.Side) - (words[1] / 2.0);
            logits[i] = (float)Math.Clamp(((words[2] / 4.0) - Math.Sqrt((x * x) + (y * y))) / 8, -1, 1);
        }

        return logits;
    }
}
