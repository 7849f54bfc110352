using System.Reflection;
using System.Runtime.InteropServices;
using PaliGguf.Imaging;
using PaliGguf.Tests;
using PaliGguf.Unity;
using UnityEngine;
using LibraryException = PaliGguf.Unity.PaliException;
using UnityModel = PaliGguf.Unity.PaliModel;

namespace PaliGguf.Native.Tests;

/// <summary>What native/unity is made of, without the engine, on the real library.</summary>
[Collection(LibraryCollection.Name)]
public sealed class UnityTests
{
    private const string Caption = "a turtle on an orange background";

    private static readonly byte[] Pixels = Scene(out Side);
    private static readonly int Side;

    static UnityTests() => NativeLibrary.SetDllImportResolver(typeof(UnityModel).Assembly,
        (name, _, _) => name == "paligguf" ? NativeLibrary.Load(PublishedLibrary.File) : IntPtr.Zero);

    private static PaliPicture Picture => new(Pixels, Side, Side, PaliPixels.Rgba, bottomUp: true);

    [HostFact]
    public async Task AModelIsPolledUntilItIsReadyAndAnswers()
    {
        using UnityModel model = UnityModel.Load(Repository.PaliNano);
        float before = 0;
        while (!model.Poll())
        {
            Assert.InRange(model.Progress, before, 1);
            before = model.Progress;
            await Task.Delay(1);
        }

        Assert.Equal(1, model.Progress);
        Assert.Equal((112, true), (model.ImageSize, model.HasMasks));
        Assert.True(model.Memory > 0);
        Assert.StartsWith("PaliGguf ", UnityModel.Describe(), StringComparison.Ordinal);

        using PaliAnswer caption = await AnswerAsync(model, PaliRequest.Caption());
        Assert.Equal(Caption, caption.Text);
        Assert.True(caption.Tokens > 5);
        PaliRequest thai = PaliRequest.Caption();
        thai.Language = "th";
        using PaliAnswer inThai = await AnswerAsync(model, thai);
        Assert.Equal("เต่าหนึ่งตัว บนพื้นหลังสีส้ม", inThai.Text);
        using PaliAnswer yes = await AnswerAsync(model, PaliRequest.Ask("is there a turtle?"));
        Assert.Equal("yes", yes.Text);

        using PaliAnswer detected = await AnswerAsync(model, PaliRequest.Detect("turtle"));
        PaliFound turtle = Assert.Single(detected.Found());
        Assert.Equal("turtle", turtle.Label);
        Assert.Null(turtle.Mask);
        // Upright, although the lowest row came first.
        AssertBox(turtle, 147, 46, 262, 141);

        using PaliAnswer segmented = await AnswerAsync(model, PaliRequest.Segment("turtle"));
        PaliFound masked = Assert.Single(segmented.Found());
        Assert.Equal(masked.MaskWidth * masked.MaskHeight, masked.Mask!.Length);
        Assert.InRange(masked.Mask.Count(value => value == 255), 6000, 8000);
    }

    [HostFact]
    public async Task WhatGoesWrongIsAnExceptionInTheLibrarysWords()
    {
        using UnityModel missing = UnityModel.Load("nowhere.gguf");
        LibraryException failed = await Assert.ThrowsAsync<LibraryException>(() => ReadyAsync(missing));
        Assert.Equal(-5, failed.Status);
        Assert.Contains("nowhere.gguf: no such model file.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(-1, Assert.Throws<LibraryException>(() => UnityModel.Load("x", new PaliLoadOptions { Threads = -7 })).Status);

        using UnityModel model = UnityModel.Load(Repository.PaliNano);
        await ReadyAsync(model);
        LibraryException shorter = Assert.Throws<LibraryException>(
            () => model.Ask(PaliRequest.Caption(), new PaliPicture(Pixels.AsSpan(0, 99), Side, Side, PaliPixels.Rgba, bottomUp: true)));
        Assert.Contains("pixel_bytes is 99", shorter.Message, StringComparison.Ordinal);
    }

    [HostFact]
    public async Task WhatGoesOnIsCancelledAndDisposedOfAtAnyMoment()
    {
        UnityModel loading = UnityModel.Load(Repository.PaliNano);
        loading.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loading.Poll());
        using UnityModel cancelled = UnityModel.Load(Repository.PaliNano);
        cancelled.Cancel();
        Exception? end = await Record.ExceptionAsync(() => ReadyAsync(cancelled));
        // It may have been ready before.
        Assert.True(end is null or LibraryException { Status: -4 }, end?.ToString());

        UnityModel model = UnityModel.Load(Repository.PaliNano);
        await ReadyAsync(model);
        PaliRequest longest = PaliRequest.Describe();
        PaliAnswer answer = model.Ask(longest, Picture), forgotten = model.Ask(longest, Picture);
        answer.Cancel();
        Assert.Equal(-4, (await Assert.ThrowsAsync<LibraryException>(() => WholeAsync(answer))).Status);
        answer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => answer.Text);
        model.Dispose();
        forgotten.Dispose();
        Assert.True(UnityModel.Settle(60_000));
    }

    [HostFact]
    public async Task TheSampleSaysWhatItsCameraSees()
    {
        Application.streamingAssetsPath = Repository.Root;
        SeeingCamera camera = Sample(Path.Combine("models", "pali-nano"));

        Send(camera, "OnEnable");
        while (camera.Found.Length == 0)
        {
            Send(camera, "Update");
            Assert.True(camera.enabled, Debug.Logged);
            await Task.Delay(1);
        }

        Send(camera, "OnGUI");
        Send(camera, "OnDisable");
        Assert.Equal(Caption, camera.Caption);
        AssertBox(camera.Found[0], 147, 46, 262, 141);
        Assert.Equal((Caption, "turtle"), (GUI.Drawn[0].Text, GUI.Drawn[1].Text));
        // The screen of these tests is twice as wide as the picture.
        Assert.Equal((2 * camera.Found[0].Left, camera.Found[0].Top), (GUI.Drawn[1].Place.x, GUI.Drawn[1].Place.y));
    }

    [HostFact]
    public async Task TheSampleIsSwitchedOffByAMissingModelAndByADomainReload()
    {
        SeeingCamera camera = Sample("nowhere.gguf");
        Send(camera, "OnEnable");
        while (camera.enabled)
        {
            Send(camera, "Update");
            await Task.Delay(1);
        }

        Send(camera, "OnDisable");
        Assert.Contains("nowhere.gguf: no such model file.", Debug.Logged, StringComparison.Ordinal);

        SeeingCamera reloaded = Sample(Path.Combine(Repository.PaliNano));
        Send(reloaded, "OnEnable");
        Send(reloaded, "OnDisable");
        Send(reloaded, "Update");
        Assert.True(reloaded.enabled);
        Assert.True(UnityModel.Settle(60_000));
    }

    private static async Task ReadyAsync(UnityModel model)
    {
        while (!model.Poll()) await Task.Delay(1);
    }

    private static async Task WholeAsync(PaliAnswer answer)
    {
        while (!answer.Poll()) await Task.Delay(1);
    }

    private static async Task<PaliAnswer> AnswerAsync(UnityModel model, PaliRequest request)
    {
        PaliAnswer answer = model.Ask(request, Picture);
        await WholeAsync(answer);
        return answer;
    }

    private static void AssertBox(PaliFound found, params int[] sides)
    {
        float[] real = [found.Left, found.Top, found.Right, found.Bottom];
        for (int index = 0; index < 4; index++) Assert.InRange(real[index], sides[index] - 1, sides[index] + 1);
    }

    private static SeeingCamera Sample(string model)
    {
        SeeingCamera camera = new();
        Set(camera, "modelPath", model);
        Set(camera, "source", new Camera { Sees = Pixels });
        return camera;
    }

    private static void Set(SeeingCamera camera, string field, object value) =>
        typeof(SeeingCamera).GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(camera, value);

    private static void Send(SeeingCamera camera, string message) =>
        typeof(SeeingCamera).GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(camera, null);

    // As a texture of Unity has it: RGBA, the lowest row first.
    private static byte[] Scene(out int side)
    {
        RgbImage image = ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));
        byte[] pixels = new byte[image.Width * image.Height * 4];
        for (int at = 0; at < image.Width * image.Height; at++)
        {
            int from = (((image.Height - 1 - (at / image.Width)) * image.Width) + (at % image.Width)) * 3;
            image.Pixels.Slice(from, 3).CopyTo(pixels.AsSpan(at * 4));
            pixels[(at * 4) + 3] = 255;
        }

        side = image.Width;
        return pixels;
    }
}
