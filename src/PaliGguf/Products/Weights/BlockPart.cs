namespace PaliGguf.Products;

/// <summary>
/// The blocks of a type have a part that those of a sibling lack. Asked for by <c>typeof</c>: the compiler then leaves out what is not
/// taken before it counts what it may still inline, which it does not where a static property is asked. Blocks of one scale, which a
/// single row is multiplied with from registers, are written out each: shared code costs them a seventh of their speed.
/// </summary>
internal readonly struct Present;

/// <summary>The blocks of a type lack a part.</summary>
internal readonly struct Absent;
