using System.Diagnostics;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Trees;

/// <summary>What a graph does to each element of a column by itself, with ONNX Runtime's roundings. 32-bit numbers are held as doubles of the same value. A closed family.</summary>
public abstract record ElementStep
{
    private protected ElementStep() { }

    /// <summary>What becomes of a value.</summary>
    public abstract double Of(double value);

    /// <summary>Puts what becomes of each value in its place.</summary>
    public abstract void Apply(Span<double> values);

    /// <summary>What the results are, for arguments of <paramref name="argument"/>.</summary>
    internal virtual TreePrecision Result(TreePrecision argument) => argument;

    /// <summary>True where larger arguments never give smaller results, false where they never give larger ones.</summary>
    internal virtual bool IsRising => true;
}

/// <summary>The four operations.</summary>
public enum ElementOperation
{
    /// <summary>x + c.</summary>
    Add,

    /// <summary>x − c.</summary>
    Subtract,

    /// <summary>c − x.</summary>
    SubtractFrom,

    /// <summary>x · c.</summary>
    Multiply,

    /// <summary>x / c.</summary>
    Divide,
}

/// <summary>An operation with a finite constant, rounded to <paramref name="Precision"/>. The factor or divisor is not 0, so that the step is monotone and NaN only for NaN.</summary>
public sealed record ArithmeticStep(ElementOperation Operation, double Constant, TreePrecision Precision) : ElementStep
{
    /// <inheritdoc/>
    public override double Of(double value) => Precision == TreePrecision.Single ? Of((float)value, (float)Constant) : Operation switch
    {
        ElementOperation.Add => value + Constant,
        ElementOperation.Subtract => value - Constant,
        ElementOperation.SubtractFrom => Constant - value,
        ElementOperation.Multiply => value * Constant,
        ElementOperation.Divide => value / Constant,
        _ => throw new UnreachableException(Operation.ToString()),
    };

    /// <inheritdoc/>
    public override void Apply(Span<double> values)
    {
        foreach (ref double value in values) value = Of(value);
    }

    internal override bool IsRising => Operation switch
    {
        ElementOperation.SubtractFrom => false,
        ElementOperation.Multiply or ElementOperation.Divide => Constant > 0,
        _ => true,
    };

    private float Of(float value, float constant) => Operation switch
    {
        ElementOperation.Add => value + constant,
        ElementOperation.Subtract => value - constant,
        ElementOperation.SubtractFrom => constant - value,
        ElementOperation.Multiply => value * constant,
        ElementOperation.Divide => value / constant,
        _ => throw new UnreachableException(Operation.ToString()),
    };
}

/// <summary>Rounds to 32 bits, or takes a 32-bit number for one of 64.</summary>
public sealed record CastStep(TreePrecision To) : ElementStep
{
    /// <inheritdoc/>
    public override double Of(double value) => To == TreePrecision.Single ? (float)value : value;

    /// <inheritdoc/>
    public override void Apply(Span<double> values)
    {
        if (To == TreePrecision.Single)
            foreach (ref double value in values) value = (float)value;
    }

    internal override TreePrecision Result(TreePrecision argument) => To;
}

/// <summary>Puts a number in the place of another, or of NaN.</summary>
public sealed record ReplaceStep(double From, double With) : ElementStep
{
    /// <inheritdoc/>
    public override double Of(double value) => value == From || (double.IsNaN(value) && double.IsNaN(From)) ? With : value;

    /// <inheritdoc/>
    public override void Apply(Span<double> values)
    {
        foreach (ref double value in values) value = Of(value);
    }
}

/// <summary>Cuts to a whole number, toward 0.</summary>
public sealed record TruncateStep : ElementStep
{
    /// <inheritdoc/>
    public override double Of(double value) => Math.Truncate(value);

    /// <inheritdoc/>
    public override void Apply(Span<double> values)
    {
        foreach (ref double value in values) value = Math.Truncate(value);
    }
}
