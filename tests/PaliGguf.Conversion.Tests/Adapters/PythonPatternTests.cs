using System.Text.RegularExpressions;
using PaliGguf.Conversion.Adapters;

namespace PaliGguf.Conversion.Tests.Adapters;

/// <summary>What Python's <c>re.match(rf"(.*\.)?({key})$", name)</c> says of each key, which is how PEFT matches; null where it does not
/// compile.</summary>
public sealed class PythonPatternTests
{
    private const string Name = "language_model.model.layers.3.self_attn.q_proj";

    [Theory]
    [InlineData("(?!.*vision).*q_proj", true)]
    [InlineData("(?!.*model).*q_proj", true)]
    [InlineData("(?=.*layers).*q_proj", true)]
    [InlineData("(?P<kind>q|k)_proj", true)]
    [InlineData("(?P<a>l)anguage_mode(?P=a)\\.model\\.(?P=a)ayers\\.3\\.self_attn\\.q_proj", true)]
    [InlineData("layers\\.(?:[0-3])\\.self_attn\\.[qk]_proj", true)]
    [InlineData("layers\\.[4-9]\\.self_attn\\.q_proj", false)]
    [InlineData(".*\\.q_proj\\Z", true)]
    [InlineData("q_pro(j)(?(3)|x)", true)]
    [InlineData("q_pro(j)?(?(3)|x)", true)]
    [InlineData("(?<=\\.)q_proj", true)]
    [InlineData("self_attn\\.(?<!k_)q_proj", true)]
    [InlineData("(?i:Q_PROJ)", true)]
    [InlineData("Q_PROJ", false)]
    [InlineData("(?i:q)_Proj", false)]
    [InlineData("q_proj(?#comment)", true)]
    [InlineData("(?>q_)proj", true)]
    [InlineData("q_?+proj", true)]
    [InlineData("q_*+_proj", false)]
    [InlineData("\\w+_proj", true)]
    [InlineData("[^\\W\\d_]_proj", true)]
    [InlineData("[]q]_proj", true)]
    [InlineData("[a-z-[q]]_proj", false)]
    [InlineData("[q[]_proj", true)]
    [InlineData("[\\]q-]_proj", true)]
    [InlineData("q\\x5fproj", true)]
    [InlineData("q\\u005fproj", true)]
    [InlineData("q\\137proj", true)]
    [InlineData("q_pr{,1}oj", true)]
    [InlineData("q_pro{1}j", true)]
    [InlineData("q_pro{2}j", false)]
    [InlineData("q_proj{", false)]
    [InlineData("q_proj{}", false)]
    [InlineData("layers\\.(\\d)\\..*\\3", false)]
    [InlineData("(?s:.)_proj", true)]
    [InlineData("(?x: q _ proj # the queries\n)", true)]
    [InlineData("q_proj|v_proj", true)]
    [InlineData("a)|(.*q_proj", true)]
    [InlineData("(q_proj", null)]
    [InlineData("q_proj)", null)]
    [InlineData("*q_proj", null)]
    [InlineData("q**", null)]
    [InlineData("\\q_proj", null)]
    [InlineData("\\p{L}_proj", null)]
    [InlineData("(?<name>q)_proj", null)]
    [InlineData("(?'name'q)_proj", null)]
    [InlineData("(?i)q_proj", null)]
    [InlineData("[z-a]_proj", null)]
    [InlineData("\\4q_proj", null)]
    [InlineData("q_proj\\b", true)]
    [InlineData("\\Bproj", false)]
    [InlineData(".*layers\\.\\d+\\.self_attn\\.(?:q|v)_proj", true)]
    [InlineData("model\\.layers\\.\\b3\\b\\.self_attn\\.q_proj", true)]
    [InlineData("(?P<n>q)(?P<n>_)proj", null)]
    [InlineData("[q", null)]
    [InlineData("(?-i:q)_proj", true)]
    [InlineData("(?a:\\w)_proj", true)]
    [InlineData("\\Gq_proj", null)]
    [InlineData("[\\b]q_proj", false)]
    [InlineData("q_proj$", true)]
    [InlineData("^q_proj", false)]
    [InlineData("(?P>n)q_proj", null)]
    [InlineData("\\07q_proj", false)]
    [InlineData("(a*)*q_proj", true)]
    [InlineData("(?:q_proj)+", true)]
    [InlineData("(.*\\.)\\2q_proj", null)]
    public void A_key_matches_as_in_Python(string key, bool? expected)
    {
        string pattern = $@"(.*\.)?({key})$";
        if (expected is null) Assert.Throws<FormatException>(() => PythonPattern.Translate(pattern));
        else Assert.Equal(expected, Regex.IsMatch(Name, $@"\A(?:{PythonPattern.Translate(pattern)})", RegexOptions.CultureInvariant));
    }
}
