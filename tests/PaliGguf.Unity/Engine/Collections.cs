namespace Unity.Collections
{
    public struct NativeArray<T>
        where T : struct
    {
        internal T[] Items;

        internal System.IntPtr Start;

        public int Length => Items.Length;
    }
}

namespace Unity.Collections.LowLevel.Unsafe
{
    public static unsafe class NativeArrayUnsafeUtility
    {
        public static void* GetUnsafeReadOnlyPtr<T>(this NativeArray<T> array)
            where T : struct => (void*)array.Start;
    }
}
