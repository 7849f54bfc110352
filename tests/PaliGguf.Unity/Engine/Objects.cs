namespace UnityEngine
{
    public class Object
    {
        public string name { get; set; } = "";

        public static void Destroy(Object given) => (given as System.IDisposable)?.Dispose();
    }

    public class MonoBehaviour : Object
    {
        public bool enabled { get; set; } = true;
    }

    [System.AttributeUsage(System.AttributeTargets.Field)]
    public sealed class SerializeField : System.Attribute
    {
    }

    public static class Application
    {
        public static string streamingAssetsPath { get; set; } = "";
    }

    public static class Debug
    {
        public static string Logged { get; private set; } = "";

        public static void LogError(object message, Object context) => Logged = (string)message;
    }
}
