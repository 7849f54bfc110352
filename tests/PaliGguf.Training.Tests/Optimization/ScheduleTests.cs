using System.Text.Json;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tests.Goldens;

namespace PaliGguf.Training.Tests.Optimization;

public sealed class ScheduleTests
{
    [Fact]
    public void Factors_are_those_of_transformers_and_big_vision()
    {
        foreach (JsonElement each in TrainingGolden.Read("schedules.json").EnumerateArray())
        {
            bool isCosine = each.TryGetProperty("warmup_percent", out JsonElement warmUp);
            if (!isCosine) warmUp = each.GetProperty("warmup_ratio");
            Schedule schedule = new(
                isCosine ? ScheduleKind.Cosine : ScheduleKind.Linear, each.GetProperty("steps").GetInt32(), warmUp.GetDouble());
            JsonElement factors = each.GetProperty(isCosine ? "factors_of_steps_1_to_n" : "factors");
            Assert.All(factors.EnumerateArray().Index(),
                factor => Assert.Equal(factor.Item.GetDouble(), schedule.Factor(factor.Index), 1e-12));
        }
    }

    [Fact]
    public void A_constant_rate_rises_and_stays()
    {
        Schedule schedule = new(ScheduleKind.Constant, Steps: 10, WarmUp: 0.2);
        Assert.Equal([0, 0.5, 1, 1], Enumerable.Range(0, 4).Select(step => schedule.Factor(step)));
    }
}
