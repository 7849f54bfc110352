using System.Security.Cryptography;
using System.Text;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>How the page looks, and what it may load: its own style, and pictures that it holds.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public const string Sheet =
        """
        :root { color-scheme: light dark; --text: light-dark(#1e2229, #eceae5); --soft: light-dark(#5c5f66, #a9adb6);
          --paper: light-dark(#f6f5f1, #14161b); --surface: light-dark(#ffffff, #1d2027); --line: light-dark(#dcd8ce, #333843);
          --run0: light-dark(#2f4bb8, #a3b6ff); --run1: light-dark(#9a5b00, #f0b45c);
          --bold: light-dark(#a8242c, #ff9a97);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Thai", sans-serif; }
        *, ::before, ::after { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1280px; padding: 1rem clamp(1rem, 3vw, 2.5rem) 3rem;
          background: var(--paper); color: var(--text); overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; margin: 0.5rem 0; }
        h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
        p { margin: 0.25rem 0; }
        .soft { color: var(--soft); }
        .run0 { color: var(--run0); fill: var(--run0); }
        .run1 { color: var(--run1); fill: var(--run1); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; background: var(--surface); border: 1px solid var(--line); }
        th, td { padding: 0.35rem 0.8rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line);
          font-variant-numeric: tabular-nums; }
        th:first-child { text-align: left; font-weight: 600; }
        .significant { color: var(--bold); font-weight: 650; }
        svg { display: block; width: 100%; max-width: 760px; background: var(--surface); border: 1px solid var(--line); padding: 8px; }
        svg text { font-size: 12px; fill: var(--soft); }
        .grid { stroke: var(--line); }
        .curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
        .whisker { stroke: currentColor; stroke-width: 2; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
        figure { margin: 0; padding: 0.8rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
        .pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
        .pictures div:only-child { grid-column: 1 / -1; }
        .pictures img { display: block; max-width: 100%; height: auto; border-radius: 6px; }
        .pictures p { font-size: 0.8rem; color: var(--soft); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 0.8rem; margin: 0.5rem 0 0; }
        dt { color: var(--soft); font-size: 0.9rem; }
        dd { margin: 0; white-space: pre-wrap; unicode-bidi: isolate; }
        """;

    /// <summary>The page's content policy: no script, no address, no style but this one.</summary>
    public static string Policy { get; } =
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        + $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Sheet)))}'";
}
