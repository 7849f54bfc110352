namespace PaliGguf;

/// <summary>Who computes the products of weights with rows, in which nearly all of a model's time goes.</summary>
public enum MatrixProducts
{
    /// <summary>PaliGguf on CPUs and for types that it has code for, where that is faster; else the library.</summary>
    Auto,

    /// <summary>The library.</summary>
    Library,
}
