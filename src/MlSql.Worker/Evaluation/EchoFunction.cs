using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;

namespace MlSql.Worker.Evaluation;

/// <summary>Gives back its first argument.</summary>
internal sealed class EchoFunction(ArrowField argument) : IColumnFunction
{
    /// <inheritdoc/>
    public ArrowField Output { get; } = Plain(argument);

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<ColumnView> arguments, int rows, ArrowOutput output, CancellationToken cancel) => Copy(arguments[0], 0, rows, output);

    /// <inheritdoc/>
    public void Dispose() { }

    // Long offsets are a matter of the sender.
    private static ArrowField Plain(ArrowField field) =>
        field with { Form = field.Form == ArrowForm.LongOffsets ? ArrowForm.Usual : field.Form, Children = [.. field.Children.Select(Plain)] };

    private static void Copy(ColumnView from, int start, int count, ArrowOutput to)
    {
        if (!from.AllValid)
            for (int i = 0; i < count; i++)
                if (!from.IsValid(start + i)) to.SetNull(i);
        switch (from.Layout)
        {
            case ColumnLayout.TextViews or ColumnLayout.TextOffsets or ColumnLayout.TextLongOffsets:
                for (int i = 0; i < count; i++)
                    if (from.IsValid(start + i)) to.SetText(i, from.Text(start + i));
                break;
            case ColumnLayout.ListOffsets:
                CopyLists(from, start, count, to);
                break;
            case ColumnLayout.FixedList:
                int width = ((ArrayType)from.Type).Length;
                Copy(from.Children[0], start * width, count * width, to.Elements());
                break;
            case ColumnLayout.Struct:
                for (int i = 0; i < from.Children.Length; i++) Copy(from.Children[i], start, count, to.Field(i));
                break;
            case ColumnLayout.Fixed when from.Type is not NullType:
                CopyValues(from, start, count, to);
                break;
        }
    }

    // Arrow's lists lie one after another, so their elements are a run, those of NULL rows among them.
    private static void CopyLists(ColumnView from, int start, int count, ArrowOutput to)
    {
        int[] lengths = new int[count];
        int total = 0;
        for (int i = 0; i < count; i++) total += lengths[i] = from.List(start + i).Length;
        int first = count == 0 ? 0 : from.List(start).Start;
        Copy(from.Children[0], first, total, to.SetLists(lengths));
    }

    private static void CopyValues(ColumnView from, int start, int count, ArrowOutput to)
    {
        switch (from.Type)
        {
            case BooleanType or IntegerType { Bits: 8 }:
                Move<byte>(from, start, count, to);
                break;
            case IntegerType { Bits: 16 } or DecimalType { Precision: <= 4 }:
                Move<short>(from, start, count, to);
                break;
            case IntegerType { Bits: 32 } or FloatType { Bits: 32 } or DateType or DecimalType { Precision: <= 9 }:
                Move<int>(from, start, count, to);
                break;
            case DecimalType { Precision: > 18 } or IntervalType:
                Move<Int128>(from, start, count, to);
                break;
            default:
                Move<long>(from, start, count, to);
                break;
        }
    }

    private static void Move<T>(ColumnView from, int start, int count, ArrowOutput to) where T : unmanaged => from.Values<T>().Slice(start, count).CopyTo(to.Values<T>());
}
