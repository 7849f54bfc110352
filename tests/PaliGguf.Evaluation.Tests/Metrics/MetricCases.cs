namespace PaliGguf.Evaluation.Tests.Metrics;

/// <summary>
/// Values that the original programs gave, case by case: those in the folder "Cases" beside this file, or in the one that
/// PALIGGUF_METRIC_CASES names. How a file is read follows from what it says of itself under "metric".
/// </summary>
public sealed class MetricCases
{
    public static IEnumerable<object[]> Cases =>
        from file in MetricCaseFile.All
        from item in file.Cases.Index()
        select new object[] { file.Name, item.Index, item.Item.Id };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_the_original(string file, int number, string id)
    {
        MetricCase item = MetricCaseFile.All.Single(each => each.Name == file).Cases[number];
        Assert.Equal(id, item.Id);
        MetricChecks.Of(item.File)(item);
        Assert.True(item.IsCompared, $"{file}, {id}: no field of it is known.");
    }

    public static IEnumerable<object[]> Files => MetricCaseFile.All.Select(file => new object[] { file.Name });

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_has_cases_of_a_metric_that_is_known(string file)
    {
        MetricCaseFile found = MetricCaseFile.All.Single(each => each.Name == file);
        Assert.NotEmpty(found.Cases);
        Assert.NotNull(MetricChecks.Of(found));
    }
}
