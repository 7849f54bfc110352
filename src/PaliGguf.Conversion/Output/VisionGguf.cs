using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Vision;

namespace PaliGguf.Conversion.Output;

/// <summary>The vision model: the tower and the projector, with the keys that multimodal projector files commonly have.</summary>
internal static class VisionGguf
{
    /// <summary>Sets the metadata of a vision file.</summary>
    public static void Describe(
        GgufPlan plan, string name, VisionConfig config,
        int textWidth, ImagePreprocessing preprocessing, VisionForm form)
    {
        plan.SetGeneral("clip", "mmproj", name);
        plan.Metadata.Set("clip.has_vision_encoder", true);
        if (form == VisionForm.Mlp) MlpProjector.Describe(plan.Metadata, config.Layers);
        else plan.Metadata.Set("clip.projector_type", "paligemma");
        plan.Metadata.Set("clip.use_gelu", true);
        plan.Metadata.Set("clip.vision.image_size", (uint)config.ImageSize);
        plan.Metadata.Set("clip.vision.patch_size", (uint)config.PatchSize);
        plan.Metadata.Set("clip.vision.embedding_length", (uint)config.HiddenSize);
        plan.Metadata.Set("clip.vision.feed_forward_length", (uint)config.PaddedIntermediateSize);
        plan.Metadata.Set("clip.vision.projection_dim", (uint)textWidth);
        plan.Metadata.Set("clip.vision.block_count", (uint)config.Layers);
        plan.Metadata.Set("clip.vision.attention.head_count", (uint)config.Heads);
        plan.Metadata.Set("clip.vision.attention.layer_norm_epsilon", config.NormEpsilon);
        plan.Metadata.SetArray("clip.vision.image_mean", preprocessing.Mean.AsSpan());
        plan.Metadata.SetArray("clip.vision.image_std", preprocessing.Deviation.AsSpan());
        if (preprocessing.Interpolation != Interpolation.Bicubic)
            plan.Metadata.Set(VisionLayout.ResamplingKey, VisionLayout.Name(preprocessing.Interpolation));
    }
}
