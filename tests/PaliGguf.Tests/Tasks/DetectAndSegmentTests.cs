using PaliGguf.Conversion;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Tasks;

/// <summary>The shipped model on its sample scenes, whose truth is known.</summary>
public sealed class DetectAndSegmentTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<SampleScene> Scenes = SampleScene.LoadAll();
    private PaliModel _model = null!;

    public async Task InitializeAsync() => _model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);

    public async Task DisposeAsync() => await _model.DisposeAsync();

    [Fact]
    public async Task Boxes_lie_on_the_things()
    {
        List<double> overlaps = [];
        foreach (SampleScene scene in Scenes)
        {
            foreach (string label in scene.Labels)
            {
                DetectionResult result = await _model.DetectAsync(scene.Image, [label]);
                Assert.Empty(result.Rejected);
                Assert.All(result.Detections, detection => Assert.Equal(label, detection.Label));
                Assert.All(result.Detections, detection => Assert.InRange(detection.Score, 0, 1));
                overlaps.AddRange(scene.Objects.Where(truth => truth.Label == label).Select(truth => Best(result.Detections, truth.Box)));
            }
        }

        Assert.True(overlaps.Count > 20);
        Assert.InRange(overlaps.Average(), 0.77, 1);
    }

    [Fact]
    public async Task Masks_cover_the_things()
    {
        List<double> overlaps = [];
        foreach (SampleScene scene in Scenes)
        {
            foreach (string label in scene.Labels)
            {
                SegmentationResult result = await _model.SegmentAsync(scene.Image, [label]);
                foreach (SampleObject truth in scene.Objects.Where(truth => truth.Label == label))
                {
                    Segment? segment = result.Segments.MaxBy(segment => segment.NormalizedBox.IntersectionOverUnion(truth.Box));
                    overlaps.Add(segment is null ? 0 : Overlap(segment.Mask.ToImageBitmap(), truth.Mask));
                }
            }
        }

        Assert.InRange(overlaps.Average(), 0.5, 1);
    }

    [Fact]
    public async Task What_is_not_there_is_an_empty_list()
    {
        DetectionResult result = await _model.DetectAsync(Scenes[0].Image, ["guitar"]);
        Assert.Empty(result.Detections);
        Assert.Empty(result.Rejected);
        Assert.Equal("", result.Text);
        Assert.Empty((await _model.SegmentAsync(Scenes[0].Image, ["guitar"])).Segments);
    }

    [Fact]
    public async Task A_box_is_in_pixels_of_the_picture_that_was_given()
    {
        SampleScene scene = Scenes[0];
        RgbImage wide = Resampling.Resize(scene.Image, 900, 300);
        Detection detection = Assert.Single((await _model.DetectAsync(wide, scene.Labels)).Detections);
        Assert.Equal(detection.NormalizedBox.XMax * 900, detection.Box.XMax);
        Assert.Equal(detection.NormalizedBox.YMax * 300, detection.Box.YMax);
        Assert.InRange(detection.NormalizedBox.IntersectionOverUnion(scene.Objects[0].Box), 0.6, 1);
        Mask mask = Assert.Single((await _model.SegmentAsync(wide, scene.Labels)).Segments).Mask;
        Assert.Equal((900, 300), (mask.ImageWidth, mask.ImageHeight));
    }

    [Fact]
    public async Task Several_labels_are_asked_for_one_at_a_time_unless_told_otherwise()
    {
        SampleScene scene = Scenes.First(scene => scene.Labels.Count > 1);
        DetectionResult each = await _model.DetectAsync(scene.Image, scene.Labels);
        DetectionResult together = await _model.DetectAsync(scene.Image, scene.Labels, new DetectionOptions { OneLabelAtATime = false });
        Assert.Equal(scene.Labels.Count, each.Text.Split('\n').Length);
        Assert.DoesNotContain('\n', together.Text);
        Assert.Equal(scene.Labels.Order(), each.Detections.Select(detection => detection.Label).Distinct().Order());
        Assert.Equal(each.Detections.OrderByDescending(detection => detection.Score).AsEnumerable(), each.Detections);
    }

    [Fact]
    public async Task Scores_below_the_limit_are_left_out()
    {
        DetectionResult all = await _model.DetectAsync(Scenes[0].Image, Scenes[0].Labels);
        float limit = all.Detections.Max(detection => detection.Score) + 1e-4f;
        Assert.Empty((await _model.DetectAsync(Scenes[0].Image, Scenes[0].Labels, new DetectionOptions { MinScore = Math.Min(limit, 1) })).Detections);
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_says_so()
    {
        DetectionResult result = await _model.DetectAsync(Scenes[0].Image, Scenes[0].Labels, new DetectionOptions { MaxTokens = 3, Free = true });
        Assert.Empty(result.Detections);
        Assert.Equal(RejectionReason.Truncated, Assert.Single(result.Rejected).Reason);
    }

    [Fact]
    public async Task Without_a_mask_decoder_the_error_tells_the_remedy()
    {
        using PaliModel plain = await Models.LoadAsync(ConvertedModels.Golden("tiny-g2", ModelFileType.Q8_0));
        Assert.False(plain.Info.HasMaskDecoder);
        Assert.True(_model.Info.HasMaskDecoder);
        InferenceException error = await Assert.ThrowsAsync<InferenceException>(() => plain.SegmentAsync(Scenes[0].Image, ["cat"]));
        Assert.Contains("--mask-decoder", error.Message);
    }

    [Fact]
    public async Task A_free_answer_of_a_model_that_knows_nothing_is_no_error()
    {
        using PaliModel random = await Models.LoadAsync(ConvertedModels.Golden("tiny-g2", ModelFileType.Q8_0));
        DetectionResult result = await random.DetectAsync(Scenes[0].Image, ["cat"], new DetectionOptions { Free = true, MaxTokens = 40 });
        Assert.NotEmpty(result.Rejected);
    }

    [Fact]
    public async Task Labels_that_could_not_be_told_apart_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _model.DetectAsync(Scenes[0].Image, []));
        await Assert.ThrowsAsync<ArgumentException>(() => _model.DetectAsync(Scenes[0].Image, ["cat", " "]));
        await Assert.ThrowsAsync<ArgumentException>(() => _model.DetectAsync(Scenes[0].Image, ["cat ; dog"]));
        await Assert.ThrowsAsync<ArgumentException>(() => _model.SegmentAsync(Scenes[0].Image, ["<loc0001>"], new DetectionOptions { Free = true }));
    }

    [Fact]
    public async Task A_cancelled_request_ends_as_cancelled()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _model.DetectAsync(Scenes[0].Image, ["cat"], cancellationToken: cancelled.Token));
    }

    private static double Best(IEnumerable<Detection> detections, NormalizedBox truth) =>
        detections.Select(detection => (double)detection.NormalizedBox.IntersectionOverUnion(truth)).DefaultIfEmpty(0).Max();

    private static double Overlap(MaskBitmap found, bool[] truth)
    {
        int both = 0;
        int any = 0;
        for (int pixel = 0; pixel < truth.Length; pixel++)
        {
            bool inside = found.Pixels[pixel] != 0;
            if (inside && truth[pixel]) both++;
            if (inside || truth[pixel]) any++;
        }

        return (double)both / any;
    }
}
