namespace PaliGguf.Training.Runtime;

/// <summary>Numbers in main memory, of tensors that may be on a GPU. Untried on one: none was at hand.</summary>
internal static class HostMemory
{
    extension(Tensor x)
    {
        /// <summary>The tensor itself if it is in main memory, else a copy there, which belongs to the dispose scope.</summary>
        public Tensor OnHost() => x.device_type == DeviceType.CPU ? x : x.cpu();

        /// <summary>All numbers.</summary>
        public T[] Numbers<T>()
            where T : unmanaged => x.OnHost().data<T>().ToArray();

        /// <summary>Has someone write numbers who needs them in main memory.</summary>
        /// <param name="write">Gets a tensor of the same shape there.</param>
        public void WriteOnHost(Action<Tensor> write)
        {
            if (x.device_type == DeviceType.CPU)
            {
                write(x);
                return;
            }

            using Tensor host = empty(x.shape, dtype: x.dtype, device: CPU);
            write(host);
            x.copy_(host);
        }
    }
}
