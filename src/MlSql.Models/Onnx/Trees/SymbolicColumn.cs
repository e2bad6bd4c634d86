using System.Collections.Immutable;

namespace MlSql.Models.Onnx.Trees;

/// <summary>An element of a graph's input: the feature that fills it, the position in its list, and what the tensor holds.</summary>
internal sealed record InputSlot(int Feature, int Position, TensorElement Element)
{
    /// <summary>True for whole numbers and booleans.</summary>
    public bool IsWhole => Element is not (TensorElement.Float or TensorElement.Double);
}

/// <summary>A column of a tensor within the graph, as a function of one element of the input. A closed family.</summary>
internal abstract record SymbolicColumn(InputSlot Slot)
{
    /// <summary>The column after one more step.</summary>
    public abstract SymbolicColumn Then(ElementStep step);
}

/// <summary>A text as it came.</summary>
internal sealed record TextColumn(InputSlot Slot) : SymbolicColumn(Slot)
{
    public override SymbolicColumn Then(ElementStep step) => throw new UnrecognisedException("it computes with texts");
}

/// <summary>A number after some steps.</summary>
internal sealed record NumberColumn(InputSlot Slot, ImmutableArray<ElementStep> Steps) : SymbolicColumn(Slot)
{
    private const int MostSteps = 32;

    public override SymbolicColumn Then(ElementStep step) => Steps.Length < MostSteps ? this with { Steps = Steps.Add(step) } : throw new UnrecognisedException($"it takes more than {MostSteps} steps before its trees");
}

/// <summary>A number looked up by a text: that of its level, or <paramref name="Other"/> for any other text.</summary>
internal sealed record LevelColumn(InputSlot Slot, ImmutableDictionary<string, double> Levels, double Other) : SymbolicColumn(Slot)
{
    public override SymbolicColumn Then(ElementStep step) => this with { Levels = Levels.ToImmutableDictionary(p => p.Key, p => step.Of(p.Value), StringComparer.Ordinal), Other = step.Of(Other) };
}

/// <summary>A number looked up by a whole number, or <paramref name="Other"/> for any other.</summary>
internal sealed record CodeColumn(InputSlot Slot, ImmutableDictionary<long, double> Codes, double Other) : SymbolicColumn(Slot)
{
    public override SymbolicColumn Then(ElementStep step) => this with { Codes = Codes.ToImmutableDictionary(p => p.Key, p => step.Of(p.Value)), Other = step.Of(Other) };
}

/// <summary>A tensor of such columns: rows first, then <paramref name="Shape"/>, row-major.</summary>
internal sealed record ColumnTensor(TensorElement Element, ImmutableArray<int> Shape, ImmutableArray<SymbolicColumn> Columns);
