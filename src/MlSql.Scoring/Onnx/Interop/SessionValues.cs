using System.Collections.Immutable;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>Reads the names and types of a session's inputs and outputs.</summary>
internal static class SessionValues
{
    private const int Tensor = 1, Sequence = 2, Map = 3;

    public static ImmutableArray<GraphValue> Inputs(OrtApi api, SessionHandle session) => Read(api, session.DangerousGetHandle(), api.InputCount(session.DangerousGetHandle()), output: false);

    public static ImmutableArray<GraphValue> Outputs(OrtApi api, SessionHandle session) => Read(api, session.DangerousGetHandle(), api.OutputCount(session.DangerousGetHandle()), output: true);

    private static ImmutableArray<GraphValue> Read(OrtApi api, nint session, int count, bool output)
    {
        var values = ImmutableArray.CreateBuilder<GraphValue>(count);
        for (int i = 0; i < count; i++)
        {
            string name = api.NameOf(session, i, output);
            values.Add(new GraphValue(name, ReadType(api, name, api.TypeOf(session, i, output))));
        }
        return values.MoveToImmutable();
    }

    private static GraphValueType ReadType(OrtApi api, string name, nint type)
    {
        try
        {
            switch (api.KindOfType(type))
            {
                case Tensor:
                    nint tensor = api.TensorInfo(type);
                    var element = (TensorElement)api.ElementOfTensor(tensor);
                    if (!Enum.IsDefined(element)) throw RuntimeErrors.SessionRefused($"{name} is a tensor of a kind that MlSql does not know (element type {(int)element})");
                    return new TensorValueType(element, api.HasShape(tensor) ? [.. api.Dimensions(tensor).Select(size => size < 0 ? (long?)null : size)] : default);
                case Sequence:
                    return new SequenceValueType(ReadType(api, name, api.ElementOfSequence(api.SequenceInfo(type))));
                case Map:
                    nint map = api.MapInfo(type);
                    return new MapValueType((TensorElement)api.KeyOfMap(map), ReadType(api, name, api.ValueOfMap(map)));
                default:
                    throw RuntimeErrors.SessionRefused($"{name} is neither tensor nor sequence nor map");
            }
        }
        finally
        {
            api.ReleaseType(type);
        }
    }
}
