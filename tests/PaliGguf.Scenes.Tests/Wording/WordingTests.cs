using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Wording;

namespace PaliGguf.Scenes.Tests.Wording;

/// <summary>Prompts and answers in the words of the model's card.</summary>
public sealed class WordingTests
{
    private static readonly DrawnScene Scene = MadeScenes.Draw("orange", "OPEN",
        MadeScenes.Thing("dog", 0.8, 0.2), MadeScenes.Thing("apple", 0.5, 0.5, colour: "red"), MadeScenes.Thing("dog", 0.2, 0.2));

    [Fact]
    public void Captions_name_kinds_from_the_left()
    {
        Assert.Equal("two dogs and an apple", Captions.Short(Scene));
        Assert.Equal("two dogs and a red apple on an orange background", Captions.Whole(Scene));
        Assert.Equal("สุนัขสองตัว และแอปเปิลสีแดงหนึ่งผล บนพื้นหลังสีส้ม", Captions.Thai(Scene));
    }

    [Fact]
    public void A_description_has_places_and_the_word() => Assert.Equal(
        "an orange background with a dog at the top left, a red apple at the center and a dog at the top right. the text says OPEN",
        Captions.Description(Scene));

    [Fact]
    public void A_word_alone_is_a_text()
    {
        DrawnScene scene = MadeScenes.Draw("blue", "OPEN");
        Assert.Equal("a text on a blue background", Captions.Whole(scene));
        Assert.Equal("ข้อความ บนพื้นหลังสีน้ำเงิน", Captions.Thai(scene));
    }

    [Fact]
    public void Questions_have_one_answer()
    {
        Dictionary<string, string> asked = Enumerable.Range(0, 30).SelectMany(seed => Questions.Of(Scene, new SceneRandom((ulong)seed)))
            .GroupBy(each => each.Prefix)
            .ToDictionary(group => group.Key, group => Assert.Single(group.Select(each => each.Suffix).Distinct()));
        Assert.Equal("orange", asked["answer en what color is the background?"]);
        Assert.Equal("2", asked["answer en how many dogs are there?"]);
        Assert.Equal("3", asked["answer en how many objects are there?"]);
        Assert.Equal("yes", asked["answer en is there an apple?"]);
        Assert.Equal("red", asked["answer en what color is the apple?"]);
        Assert.Equal("center", asked["answer en where is the apple?"]);
        Assert.Equal("dog", asked["answer en what is on the left?"]);
        Assert.DoesNotContain("answer en what is at the top?", asked.Keys);
    }

    [Fact]
    public void Boxes_go_label_by_label_from_the_left()
    {
        string answer = Instances.Answer(Instances.Of(Scene, [PlainAssets.Kind("apple"), PlainAssets.Kind("dog")]));
        Assert.Equal(
            "<loc0409><loc0409><loc0614><loc0614> apple ; <loc0102><loc0102><loc0307><loc0307> dog ; "
                + "<loc0102><loc0716><loc0307><loc0921> dog",
            answer);
    }
}
