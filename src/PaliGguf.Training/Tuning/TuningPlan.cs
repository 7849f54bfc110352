using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Tuning;

/// <summary>What of a model is trained.</summary>
internal enum TuningMethod
{
    /// <summary>Low-rank adapters beside its matrices (LoRA).</summary>
    Lora,

    /// <summary>The matrices of the decoder's attention, as big_vision fine-tunes on small machines.</summary>
    Attention,

    /// <summary>All of it.</summary>
    Full,
}

/// <summary>The products that get adapters.</summary>
internal enum AdapterTargets
{
    /// <summary>Queries and values.</summary>
    QueryValue,

    /// <summary>Queries, keys, values and outputs of attention.</summary>
    Attention,

    /// <summary>These, and those of the MLPs.</summary>
    AllLinear,
}

/// <summary>Chooses what is trained, and makes it trainable.</summary>
/// <param name="Method">What is trained.</param>
internal sealed record TuningPlan(TuningMethod Method)
{
    private static readonly Dictionary<AdapterTargets, string[]> Modules = new()
    {
        [AdapterTargets.QueryValue] = ["q_proj", "v_proj"],
        [AdapterTargets.Attention] = ["q_proj", "k_proj", "v_proj", "o_proj", "out_proj"],
        [AdapterTargets.AllLinear] =
        [
            "q_proj", "k_proj", "v_proj", "o_proj", "out_proj", "gate_proj", "up_proj", "down_proj", "fc1", "fc2", "projector",
        ],
    };

    /// <summary>The form of adapters.</summary>
    public LowRankForm Form { get; init; } = new();

    /// <summary>Which products get adapters.</summary>
    public AdapterTargets Targets { get; init; } = AdapterTargets.QueryValue;

    /// <summary>Whether tower and projector get adapters too.</summary>
    public bool AdaptsTower { get; init; }

    /// <summary>The last parts of the modules' paths that get adapters.</summary>
    public IReadOnlyList<string> TargetModules => Modules[Targets];

    /// <summary>Makes what is chosen trainable.</summary>
    /// <param name="network">The model, as the file has it.</param>
    /// <returns>All that is trained, in a fixed order.</returns>
    public IReadOnlyList<TrainedTensor> Apply(PairNetwork network) => Method switch
    {
        TuningMethod.Lora => [.. Adapt(network)],
        TuningMethod.Attention => Train(network.DecoderLayers.SelectMany(layer => layer.Attention).Select(linear => linear.Weight)),
        _ => Train([.. network.TextWeights, .. network.VisionWeights]),
    };

    /// <summary>Makes tensors of the model trainable.</summary>
    /// <param name="weights">They.</param>
    /// <param name="rateFactor">What the learning rate is multiplied with for them.</param>
    public static IReadOnlyList<TrainedTensor> Train(IEnumerable<Weight> weights, double rateFactor = 1)
    {
        List<TrainedTensor> trained = [];
        foreach (Weight weight in weights)
        {
            weight.Train();
            trained.Add(new TrainedTensor(weight.Path, weight.Trained)
            {
                RateFactor = rateFactor,
                Decays = weight.IsMatrix,
                IsProduct = weight.IsProduct,
            });
        }

        return trained;
    }

    private IEnumerable<TrainedTensor> Adapt(PairNetwork network)
    {
        long number = 0;
        foreach (Linear linear in network.Linears.Where(IsTarget))
        {
            linear.Adapt(Form, number++);
            yield return new TrainedTensor(linear.Path + ".lora_A.weight", linear.LowRank!.A);
            yield return new TrainedTensor(linear.Path + ".lora_B.weight", linear.LowRank!.B);
        }
    }

    private bool IsTarget(Linear linear) => (AdaptsTower || linear.Path.StartsWith("text.", StringComparison.Ordinal))
        && TargetModules.Contains(linear.Path[(linear.Path.LastIndexOf('.') + 1)..]);
}
