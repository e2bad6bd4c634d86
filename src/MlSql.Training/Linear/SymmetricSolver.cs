using MlSql.Training.Kernels;

namespace MlSql.Training.Linear;

/// <summary>
/// Solves A·x = b for a symmetric positive semidefinite A by Cholesky with complete pivoting (Higham, "Accuracy and Stability of Numerical Algorithms", §10.3).
/// Pivots below <see cref="RankTolerance"/> of the first count as 0; then x = L·(LᵀL)⁻²·Lᵀ·b is the solution of least norm.
/// </summary>
internal static class SymmetricSolver
{
    public const double RankTolerance = 1e-10;

    private const int Refinements = 2;

    /// <summary>The solution and the rank of A (row-major n × n, kept).</summary>
    public static (double[] Solution, int Rank) Solve(double[] a, double[] b, CancellationToken cancel)
    {
        int n = b.Length;
        (double[] factor, int[] order, int rank) = Factor(a, n, cancel);
        double[] inner = rank == n ? [] : FactorInner(factor, n, rank, cancel);
        double[] solution = Apply(factor, inner, order, rank, b);
        double[] residual = new double[n];
        for (int round = 0; round < Refinements; round++)
        {
            for (int i = 0; i < n; i++) residual[i] = b[i] - VectorMath.Dot(a.AsSpan(i * n, n), solution);
            double[] correction = Apply(factor, inner, order, rank, residual);
            for (int i = 0; i < n; i++) solution[i] += correction[i];
        }
        return (solution, rank);
    }

    // Row i of the factor belongs to row order[i] of A; A[order, order] = factor · factorᵀ up to the tolerance.
    private static (double[] Factor, int[] Order, int Rank) Factor(double[] a, int n, CancellationToken cancel)
    {
        double[] factor = new double[n * n];
        double[] left = new double[n];
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
            left[i] = a[i * n + i];
        }
        double least = RankTolerance * (n == 0 ? 0 : left.Max());
        int k = 0;
        for (; k < n; k++)
        {
            cancel.ThrowIfCancellationRequested();
            int pivot = k;
            for (int i = k + 1; i < n; i++)
                if (left[i] > left[pivot]) pivot = i;
            if (!(left[pivot] > least)) break;
            if (pivot != k)
            {
                (order[k], order[pivot]) = (order[pivot], order[k]);
                (left[k], left[pivot]) = (left[pivot], left[k]);
                for (int j = 0; j < k; j++) (factor[k * n + j], factor[pivot * n + j]) = (factor[pivot * n + j], factor[k * n + j]);
            }
            ReadOnlySpan<double> row = factor.AsSpan(k * n, k);
            double root = Math.Sqrt(a[order[k] * n + order[k]] - VectorMath.Dot(row, row));
            if (!(root > 0)) break;
            factor[k * n + k] = root;
            for (int i = k + 1; i < n; i++)
            {
                double value = (a[order[i] * n + order[k]] - VectorMath.Dot(factor.AsSpan(i * n, k), row)) / root;
                factor[i * n + k] = value;
                left[i] -= value * value;
            }
        }
        return (factor, order, k);
    }

    // The Cholesky factor of LᵀL, rank × rank, whose condition is that of A on its range.
    private static double[] FactorInner(double[] factor, int n, int rank, CancellationToken cancel)
    {
        double[] columns = new double[rank * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < rank && j <= i; j++) columns[j * n + i] = factor[i * n + j];
        double[] inner = new double[rank * rank];
        for (int i = 0; i < rank; i++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int j = 0; j <= i; j++)
            {
                double value = VectorMath.Dot(columns.AsSpan(i * n, n), columns.AsSpan(j * n, n)) - VectorMath.Dot(inner.AsSpan(i * rank, j), inner.AsSpan(j * rank, j));
                inner[i * rank + j] = i == j ? Math.Sqrt(value) : value / inner[j * rank + j];
            }
        }
        return inner;
    }

    private static double[] Apply(double[] factor, double[] inner, int[] order, int rank, double[] b)
    {
        int n = order.Length;
        double[] permuted = new double[n];
        for (int i = 0; i < n; i++) permuted[i] = b[order[i]];
        double[] ordered;
        if (rank == n)
        {
            SolveLower(factor, n, permuted);
            SolveUpper(factor, n, permuted);
            ordered = permuted;
        }
        else
        {
            double[] reduced = new double[rank];
            for (int i = 0; i < n; i++) VectorMath.AddScaled(reduced, factor.AsSpan(i * n, rank), permuted[i]);
            for (int twice = 0; twice < 2; twice++)
            {
                SolveLower(inner, rank, reduced);
                SolveUpper(inner, rank, reduced);
            }
            ordered = new double[n];
            for (int i = 0; i < n; i++) ordered[i] = VectorMath.Dot(factor.AsSpan(i * n, rank), reduced);
        }
        double[] solution = new double[n];
        for (int i = 0; i < n; i++) solution[order[i]] = ordered[i];
        return solution;
    }

    private static void SolveLower(double[] factor, int n, double[] x)
    {
        for (int i = 0; i < n; i++) x[i] = (x[i] - VectorMath.Dot(factor.AsSpan(i * n, i), x)) / factor[i * n + i];
    }

    private static void SolveUpper(double[] factor, int n, double[] x)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            x[i] /= factor[i * n + i];
            VectorMath.AddScaled(x.AsSpan(0, i), factor.AsSpan(i * n, i), -x[i]);
        }
    }
}
