using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Hosting.Requests;

namespace PaliGguf.Hosting.Tests.Requests;

public sealed partial class FieldReaderTests
{
    [Theory]
    [InlineData("""{"labels":["a","b"]}""", "a|b")]
    [InlineData("""{"labels":"a"}""", "a")]
    [InlineData("""{"labels":"[\"a\", \"b\"]"}""", "a|b")]
    [InlineData("""{"labels":" [\"a\"]\n"}""", "a")]
    [InlineData("""{"labels":"\"a\""}""", "a")]
    [InlineData("""{"labels":"[]"}""", "")]
    [InlineData("""{"labels":[]}""", "")]
    [InlineData("""{"labels":"[end]"}""", "[end]")]
    [InlineData("""{"labels":"a ; b"}""", "a ; b")]
    [InlineData("""{"labels":""}""", "")]
    public void A_list_may_be_a_text(string json, string expected) => Assert.Equal(expected, string.Join('|', Read(json).Labels!));

    [Theory]
    [InlineData("""{"count":5}""", 5)]
    [InlineData("""{"count":"5"}""", 5)]
    [InlineData("""{"count":" -5 "}""", -5)]
    [InlineData("""{"count":5.0}""", 5)]
    [InlineData("""{"count":"5.0"}""", 5)]
    [InlineData("""{"count":5e1}""", 50)]
    [InlineData("""{"COUNT":5}""", 5)]
    public void A_whole_number_may_be_a_text(string json, int expected) => Assert.Equal(expected, Read(json).Count);

    [Theory]
    [InlineData("""{"share":0.5}""", 0.5f)]
    [InlineData("""{"share":"0.5"}""", 0.5f)]
    [InlineData("""{"share":"1e-1"}""", 0.1f)]
    [InlineData("""{"share":1}""", 1f)]
    public void A_number_may_be_a_text(string json, float expected) => Assert.Equal(expected, Read(json).Share);

    [Theory]
    [InlineData("""{"free":true}""", true)]
    [InlineData("""{"free":"True"}""", true)]
    [InlineData("""{"free":" false"}""", false)]
    public void A_truth_value_may_be_a_text(string json, bool expected) => Assert.Equal(expected, Read(json).Free);

    [Fact]
    public void What_is_null_is_as_good_as_left_out()
    {
        Fields read = Read("""{"labels":null,"count":null,"share":null,"free":null,"inner":null}""");
        Assert.Equal(new Fields { Name = "n" }, read);
    }

    [Theory]
    [InlineData("""{"labels":7}""", "labels", "labels: expected a list of texts, found a number.")]
    [InlineData("""{"labels":{"item":"a"}}""", "labels", "labels: expected a list of texts, found an object.")]
    [InlineData("""{"labels":["a",7]}""", "labels[1]", "labels[1]: expected a text, found a number.")]
    [InlineData("""{"labels":"[\"a\",[]]"}""", "labels[1]", "labels[1]: expected a text, found a list.")]
    [InlineData("""{"count":"many"}""", "count", "count: expected a whole number from -2147483648 to 2147483647, found \"many\".")]
    [InlineData("""{"count":1.5}""", "count", "count: expected a whole number from -2147483648 to 2147483647, found 1.5.")]
    [InlineData("""{"count":99999999999}""", "count", "count: expected a whole number from -2147483648 to 2147483647, found 99999999999.")]
    [InlineData("""{"count":""}""", "count", "count: expected a whole number from -2147483648 to 2147483647, found \"\".")]
    [InlineData("""{"count":true}""", "count", "count: expected a whole number from -2147483648 to 2147483647, found a truth value.")]
    [InlineData("""{"share":"NaN"}""", "share", "share: expected a number, found \"NaN\".")]
    [InlineData("""{"share":1e99}""", "share", "share: expected a number, found 1e99.")]
    [InlineData("""{"share":[1]}""", "share", "share: expected a number, found a list.")]
    [InlineData("""{"free":"perhaps"}""", "free", "free: expected true or false, found a text.")]
    [InlineData("""{"free":1}""", "free", "free: expected true or false, found a number.")]
    [InlineData("""{"name":7}""", "name", "name: expected a text, found a number.")]
    [InlineData("""{"name":"\ud800"}""", "name", "name: expected a text, found one that is not Unicode.")]
    [InlineData("""{"inner":{"deep":"x"}}""", "inner.deep", "inner.deep: expected true or false, found a text.")]
    [InlineData("""{"inner":[]}""", "inner", "inner: expected an object, found a list.")]
    [InlineData("""{"colour":"red"}""", "colour", "There is no field 'colour': there are name, labels, count, share, free, inner.")]
    [InlineData("""{"hidden":["a"]}""", "hidden", "There is no field 'hidden': there are name, labels, count, share, free, inner.")]
    [InlineData("""{"count":1,"count":2}""", "count", "count is given twice.")]
    [InlineData("""{"count":1,"Count":2}""", "count", "count is given twice.")]
    [InlineData("""[]""", "", "The request: expected an object, found a list.")]
    [InlineData("""null""", "", "The request: expected an object, found null.")]
    public void What_is_wrong_is_told_with_its_place(string json, string place, string message)
    {
        FieldException failure = Assert.Throws<FieldException>(() => Read(json));
        Assert.Equal((place, message), (failure.Place, failure.Message));
    }

    [Theory]
    [InlineData("""{"count":1}""")]
    [InlineData("""{"name":null}""")]
    public void What_is_missing_is_told(string json) =>
        Assert.Equal("name is missing: expected a text.", Assert.Throws<FieldException>(() => Parse(json)).Message);

    [Fact]
    public void What_somebody_else_reads_is_left_alone()
    {
        using JsonDocument document = JsonDocument.Parse("""{"name":"n","count":"anything"}""");
        Assert.Null(FieldReader.Read(FieldReader.Of(document.RootElement), FieldsJson.Default.Fields, "count").Count);
    }

    private static Fields Read(string json) =>
        Parse(json.StartsWith('{') && !json.Contains("\"name\"", StringComparison.Ordinal) ? """{"name":"n",""" + json[1..] : json);

    private static Fields Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return FieldReader.Read(FieldReader.Of(document.RootElement), FieldsJson.Default.Fields);
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Fields
    {
        public required string Name { get; init; }

        public IReadOnlyList<string>? Labels { get; init; }

        public int? Count { get; init; }

        public float? Share { get; init; }

        public bool? Free { get; init; }

        public Inner? Inner { get; init; }

        [JsonIgnore]
        public IReadOnlyList<string> Hidden { get; init; } = [];
    }

    internal sealed record Inner(bool? Deep);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Fields))]
    internal sealed partial class FieldsJson : JsonSerializerContext;
}
