using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>Finds an order in which a graph's nodes can run: depth first from each node to the producers of what it reads, with its own stack. Linear in the graph's bytes.</summary>
internal sealed class EvaluationOrder(ModelFile file)
{
    private const int ShownSteps = 8;

    private enum Mark : byte
    {
        New,
        Open,
        Done,
    }

    /// <summary>Checks a graph. Names that it does not produce go to <paramref name="outside"/> with the node that reads them; where that is null they are refused.</summary>
    public void Check(GraphBody body, Dictionary<Slice, Slice>? outside)
    {
        Mark[] marks = new Mark[body.Nodes.Count];
        Stack<Step> path = new();
        for (int first = 0; first < marks.Length; first++)
        {
            if (marks[first] != Mark.New) continue;
            path.Push(new(first, default, body.Nodes[first].Start, 0));
            marks[first] = Mark.Open;
            while (path.TryPop(out Step step))
            {
                file.Cancel.ThrowIfCancellationRequested();
                if (NextRead(body, ref step) is not var (name, reader))
                {
                    marks[step.Node] = Mark.Done;
                    continue;
                }
                path.Push(step);
                if (!body.Producers.TryGetValue(name, out int producer))
                {
                    if (outside is null) throw file.Errors.Undefined(file.Shown(name), reader.Length == 0 ? "a graph" : Shown(reader));
                    outside.TryAdd(name, reader);
                    continue;
                }
                if (producer < 0 || marks[producer] == Mark.Done) continue;
                if (producer == step.Node) throw file.Errors.ReadsItself(Shown(body.Nodes[producer]), file.Shown(name));
                if (marks[producer] == Mark.Open) throw file.Errors.Cycle(Circle(path, producer, name));
                marks[producer] = Mark.Open;
                path.Push(new(producer, name, body.Nodes[producer].Start, 0));
            }
        }
    }

    private (Slice Name, Slice Reader)? NextRead(GraphBody body, ref Step step)
    {
        Slice node = body.Nodes[step.Node];
        ProtobufReader fields = file.Fields(new(step.Position, node.End - step.Position));
        while (fields.Next())
        {
            if (!fields.Is(NodeFields.Input, WireType.Bytes) || fields.Content.Length == 0) continue;
            step = step with { Position = fields.Position };
            return (fields.Content, node);
        }
        step = step with { Position = node.End };
        if (!body.ReadWithin.TryGetValue(step.Node, out List<(Slice, Slice)>? within) || step.Within == within.Count) return null;
        step = step with { Within = step.Within + 1 };
        return within[step.Within - 1];
    }

    // Each step was reached by a tensor that its node produces, so the way the values flow is the path backwards.
    private string Circle(Stack<Step> path, int from, Slice name)
    {
        List<string> names = [file.Shown(name)];
        foreach (Step step in path)
        {
            if (step.Node == from) break;
            if (names.Count < ShownSteps) names.Add(file.Shown(step.By));
            else if (names.Count == ShownSteps) names.Add("…");
        }
        return string.Join(" -> ", names.Append(file.Shown(name)));
    }

    private string Shown(Slice node) => NodeFields.Read(file, node).Shown(file);

    /// <summary>A node on the path, the tensor by which it was reached, and how far its reads are followed.</summary>
    private readonly record struct Step(int Node, Slice By, int Position, int Within);
}
