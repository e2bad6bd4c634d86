using System.Collections.Immutable;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Where a graph's rows come from.</summary>
internal interface IRowSource
{
    /// <summary>Lays the tensor over memory that holds the rows already; false when it must be filled.</summary>
    bool TryBorrow(int input, InputTensor tensor, int start, int count);

    /// <summary>Writes rows <paramref name="start"/> … to the rows of a tensor from <paramref name="at"/> on.</summary>
    void Fill(int input, InputTensor tensor, int at, int start, int count, RowMask mask);
}

/// <summary>Runs a session slice by slice and puts the outputs together.</summary>
internal sealed class GraphRunner
{
    // Larger slices fall out of the caches, and a run stops only between two nodes.
    private const int SliceRows = 8_192;

    private readonly GraphSession _session;
    private readonly ImmutableArray<GraphInput> _inputs;
    private readonly ImmutableArray<GraphOutput> _outputs;
    private readonly ImmutableArray<GraphValueType> _declared;
    private readonly int? _batch;
    private readonly bool _rowsAreIndependent;
    private readonly Utf8Names _inputNames;
    private readonly Utf8Names _outputNames;

    /// <summary>Checks the description against the session. Throws <see cref="Columnar.CodedException"/> MLS4109 or MLS4114.</summary>
    public GraphRunner(GraphSession session, ImmutableArray<GraphInput> inputs, ImmutableArray<GraphOutput> outputs, int? batch, bool rowsAreIndependent)
    {
        (_session, _inputs, _outputs, _batch, _rowsAreIndependent) = (session, inputs, outputs, batch, rowsAreIndependent);
        foreach (var input in inputs)
        {
            var declared = session.Inputs.FirstOrDefault(i => i.Name == input.Name) ?? throw RuntimeErrors.Contradiction($"the graph has no input {input.Name}");
            if (declared.Type is not TensorValueType tensor || tensor.Element != input.Element) throw RuntimeErrors.Contradiction($"input {input.Name} is not a tensor of {input.Element}");
        }
        if (session.Inputs.FirstOrDefault(i => !inputs.Any(known => known.Name == i.Name)) is { } missing) throw RuntimeErrors.Contradiction($"nothing feeds the input {missing.Name}");
        _declared = [.. outputs.Select(o => session.Outputs.FirstOrDefault(d => d.Name == o.Name)?.Type ?? throw RuntimeErrors.Contradiction($"the graph has no output {o.Name}"))];
        for (int i = 0; i < outputs.Length; i++) OutputCollector.Create(session.Api, outputs[i], _declared[i], rows: 0);
        _inputNames = new Utf8Names([.. inputs.Select(i => i.Name)]);
        _outputNames = new Utf8Names([.. outputs.Select(o => o.Name)]);
    }

    /// <summary>Scores all rows of the source; see <see cref="GraphScorer.Score"/>.</summary>
    public GraphBatch Run(IRowSource source, int rows, RunLimits limits)
    {
        using var run = _session.Begin(limits, rows);
        var mask = new RowMask(rows);
        var collectors = new OutputCollector[_outputs.Length];
        for (int i = 0; i < collectors.Length; i++) collectors[i] = OutputCollector.Create(run.Api, _outputs[i], _declared[i], rows);
        var tensors = new InputTensor[_inputs.Length];
        try
        {
            for (int i = 0; i < tensors.Length; i++) tensors[i] = new InputTensor(run.Api, _inputs[i]);
            int slice = _batch ?? (_rowsAreIndependent ? SliceRows : int.MaxValue);
            var values = new nint[tensors.Length];
            var outputs = new nint[collectors.Length];
            for (int start = 0; start < rows; start += slice)
            {
                int count = Math.Min(slice, rows - start), fed = _batch ?? count;
                for (int i = 0; i < tensors.Length; i++)
                {
                    Fill(source, i, tensors[i], start, count, fed, mask);
                    values[i] = tensors[i].Value;
                }
                RunSlice(run, values, outputs, collectors, fed, count, only: count == rows);
                if (rows - start <= slice) break;
            }
        }
        finally
        {
            foreach (var tensor in tensors) tensor?.Dispose();
        }
        return new GraphBatch(rows, _outputs, [.. collectors.Select(c => c.Finish())], mask.Bits);
    }

    private static void Fill(IRowSource source, int input, InputTensor tensor, int start, int count, int fed, RowMask mask)
    {
        if (fed == count && source.TryBorrow(input, tensor, start, count)) return;
        tensor.Prepare(fed);
        source.Fill(input, tensor, 0, start, count, mask);
        for (int row = count; row < fed; row++) source.Fill(input, tensor, row, start + count - 1, 1, mask);
    }

    private void RunSlice(GraphRun run, ReadOnlySpan<nint> inputs, Span<nint> outputs, OutputCollector[] collectors, int fed, int kept, bool only)
    {
        outputs.Clear();
        try
        {
            run.Run(_inputNames, inputs, _outputNames, outputs);
            for (int i = 0; i < collectors.Length; i++)
                if (collectors[i].Take(outputs[i], fed, kept, only)) outputs[i] = 0;
        }
        finally
        {
            foreach (nint output in outputs)
                if (output != 0) run.Api.ReleaseValue(output);
        }
    }
}
