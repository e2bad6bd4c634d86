namespace MlSql.Training.Metrics;

/// <summary>A sum with the rounding errors carried along (Neumaier).</summary>
internal struct ExactSum
{
    private double _sum;
    private double _error;

    public readonly double Value => _sum + _error;

    public void Add(in ExactSum other)
    {
        Add(other._sum);
        _error += other._error;
    }

    public void Add(double value)
    {
        double next = _sum + value;
        _error += Math.Abs(_sum) >= Math.Abs(value) ? _sum - next + value : value - next + _sum;
        _sum = next;
    }
}
