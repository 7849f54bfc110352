using PaliGguf.Unity;
using UnityEngine;

/// <summary>Says what a camera sees, and draws boxes around the things that it is told to look for.</summary>
public sealed class SeeingCamera : MonoBehaviour
{
    private const int Side = 448;

    [SerializeField] private Camera source;

    /// <summary>A text GGUF, or a folder with a pair of text and vision GGUF; from StreamingAssets where it is not a whole path.</summary>
    [SerializeField] private string modelPath = "pali-nano";

    [SerializeField] private string things = "turtle";

    private PaliModel model;
    private PaliAnswer answer;
    private Texture2D picture;
    private RenderTexture target;
    private bool looking;
    private bool ready;

    /// <summary>What the camera saw last.</summary>
    public string Caption { get; private set; } = "";

    /// <summary>The things that it saw last, in pixels of the picture from its upper left corner.</summary>
    public PaliFound[] Found { get; private set; } = System.Array.Empty<PaliFound>();

    private void OnEnable()
    {
        picture = new Texture2D(Side, Side, TextureFormat.RGBA32, false);
        target = new RenderTexture(Side, Side, 24);
        Try(() => model = PaliModel.Load(System.IO.Path.Combine(Application.streamingAssetsPath, modelPath)));
    }

    // Nothing here waits: the model loads and answers on threads of the library.
    private void Update()
    {
        if (model != null) Try(Look);
    }

    // Comes before a domain reload too: whatever goes on ends in the background.
    private void OnDisable()
    {
        answer?.Dispose();
        model?.Dispose();
        answer = null;
        model = null;
        ready = false;
        Destroy(picture);
        Destroy(target);
    }

    private void Look()
    {
        if (!ready)
        {
            ready = model.Poll();
            if (!ready) Caption = $"loading the model: {model.Progress:P0}";
            return;
        }

        if (answer == null)
        {
            TakePicture();
            looking = false;
            answer = model.Ask(PaliRequest.Caption(), picture);
            return;
        }

        if (!answer.Poll()) return;
        if (looking) Found = answer.Found();
        else Caption = answer.Text;
        answer.Dispose();
        answer = null;
        looking = !looking;
        // The same picture again: what was seen in it is remembered.
        if (looking) answer = model.Ask(PaliRequest.Detect(things), picture);
    }

    // Reading the picture back waits for the GPU: it is done once for each answer, not in each frame.
    private void TakePicture()
    {
        RenderTexture before = source.targetTexture, active = RenderTexture.active;
        source.targetTexture = target;
        source.Render();
        RenderTexture.active = target;
        picture.ReadPixels(new Rect(0, 0, Side, Side), 0, 0, false);
        source.targetTexture = before;
        RenderTexture.active = active;
    }

    private void OnGUI()
    {
        GUI.Label(new Rect(10, 10, Screen.width - 20, 40), Caption);
        float wide = (float)Screen.width / Side, high = (float)Screen.height / Side;
        foreach (PaliFound thing in Found)
        {
            GUI.Box(
                new Rect(thing.Left * wide, thing.Top * high, (thing.Right - thing.Left) * wide, (thing.Bottom - thing.Top) * high),
                thing.Label);
        }
    }

    private void Try(System.Action step)
    {
        try
        {
            step();
        }
        catch (System.Exception error) when (error is PaliException || error is System.DllNotFoundException)
        {
            Debug.LogError(error.Message, this);
            Caption = error.Message;
            enabled = false;
        }
    }
}
