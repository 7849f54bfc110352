namespace PaliGguf;

/// <summary>
/// Sees what the matrices of a running model are multiplied with, both halves' (<see cref="ModelOptions.Activations"/>). Called on the model's own threads, but never
/// twice at once for one model. What it throws ends the request, and reaches the request's caller.
/// </summary>
public interface IActivationObserver
{
    /// <summary>Some rows are multiplied with a matrix.</summary>
    /// <param name="weight">
    /// The matrix's tensor in its GGUF file, <c>blk.0.attn_q.weight</c> for example. <c>token_embd.weight</c> is reported as the output matrix that it is as well, with
    /// the rows whose logits are wanted; looking up a token's embedding multiplies nothing.
    /// </param>
    /// <param name="rows"><c>n * rowLength</c> values, one row for each token or image patch; valid during the call only.</param>
    /// <param name="rowLength">Elements of a row, as many as the matrix's rows have.</param>
    void Observe(string weight, ReadOnlySpan<float> rows, int rowLength);
}
