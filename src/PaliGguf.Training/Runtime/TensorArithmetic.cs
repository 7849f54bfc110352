namespace PaliGguf.Training.Runtime;

/// <summary>
/// Sums and products with numbers that are safe from the garbage collector. TorchSharp hands a number to libtorch by an object whose
/// finalizer frees it, and lets go of that object before libtorch has read it: a collection at that moment gives another number, or an
/// exception. Even <c>a + b</c> of two tensors has such a number within, a factor of 1. Nothing else in this project may use numbers with
/// tensors.
/// </summary>
internal static class TensorArithmetic
{
    private static readonly Lazy<Scalar> One = new(() => 1.0);

    extension(Tensor x)
    {
        /// <summary>x + y.</summary>
        public Tensor Plus(Tensor y) => x.add(y, One.Value);

        /// <summary>x + y.</summary>
        public Tensor Plus(double y)
        {
            using Scalar number = y;
            return x.add(number, One.Value);
        }

        /// <summary>x * y.</summary>
        public Tensor Times(double y)
        {
            using Scalar number = y;
            return x.mul(number);
        }

        /// <summary>x += y.</summary>
        public Tensor Add(Tensor y) => x.add_(y, One.Value);

        /// <summary>x += factor y.</summary>
        public Tensor Add(Tensor y, double factor)
        {
            using Scalar number = factor;
            return x.add_(y, number);
        }

        /// <summary>x += y.</summary>
        public Tensor Add(double y)
        {
            using Scalar number = y;
            return x.add_(number, One.Value);
        }

        /// <summary>x *= y.</summary>
        public Tensor Multiply(double y)
        {
            using Scalar number = y;
            return x.mul_(number);
        }

        /// <summary>x += factor y z.</summary>
        public Tensor AddProduct(Tensor y, Tensor z, double factor)
        {
            using Scalar number = factor;
            return x.addcmul_(y, z, number);
        }

        /// <summary>x += factor y / z.</summary>
        public Tensor AddQuotient(Tensor y, Tensor z, double factor)
        {
            using Scalar number = factor;
            return x.addcdiv_(y, z, number);
        }

        /// <summary>Adds rows to those of x that have some numbers.</summary>
        public Tensor AddRows(Tensor numbers, Tensor rows) => x.index_add_(0, numbers, rows, One.Value);

        /// <summary>Where x is at least y.</summary>
        public Tensor IsAtLeast(double y)
        {
            using Scalar number = y;
            return x.ge(number);
        }

        /// <summary>The only element of x.</summary>
        public T Element<T>()
            where T : unmanaged => x.Numbers<T>()[0];
    }
}
