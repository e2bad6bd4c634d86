namespace MlSql.Models.Onnx;

/// <summary>The messages of ONNX in which tensors and graphs can hang.</summary>
internal enum MessageKind
{
    Model,
    Training,
    Function,
    Graph,
    Node,
    Attribute,
    SparseTensor,
    Tensor,
}

/// <summary>Which field of which message holds which message (onnx.proto of ONNX 1.20).</summary>
internal static class MessageSchema
{
    public const int ModelGraph = 7;
    public const int ModelTraining = 20;
    public const int ModelFunctions = 25;
    public const int GraphNodes = 1;
    public const int GraphTensors = 5;
    public const int GraphSparseTensors = 15;
    public const int NodeAttributes = 5;
    public const int AttributeTensor = 5;
    public const int AttributeGraph = 6;
    public const int AttributeTensors = 10;
    public const int AttributeGraphs = 11;
    public const int AttributeSparseTensor = 22;
    public const int AttributeSparseTensors = 23;
    public const int FunctionNodes = 7;
    public const int FunctionDefaults = 11;

    /// <summary>The kind of message in a field; null for anything else.</summary>
    public static MessageKind? Child(MessageKind kind, int field) => (kind, field) switch
    {
        (MessageKind.Model, ModelGraph) or (MessageKind.Training, 1 or 2) or (MessageKind.Attribute, AttributeGraph or AttributeGraphs) => MessageKind.Graph,
        (MessageKind.Model, ModelTraining) => MessageKind.Training,
        (MessageKind.Model, ModelFunctions) => MessageKind.Function,
        (MessageKind.Graph, GraphNodes) or (MessageKind.Function, FunctionNodes) => MessageKind.Node,
        (MessageKind.Node, NodeAttributes) or (MessageKind.Function, FunctionDefaults) => MessageKind.Attribute,
        (MessageKind.Graph, GraphSparseTensors) or (MessageKind.Attribute, AttributeSparseTensor or AttributeSparseTensors) => MessageKind.SparseTensor,
        (MessageKind.Graph, GraphTensors) or (MessageKind.Attribute, AttributeTensor or AttributeTensors) or (MessageKind.SparseTensor, 1 or 2) => MessageKind.Tensor,
        _ => null,
    };

    /// <summary>True for a field that holds at most one message.</summary>
    public static bool IsSingle(MessageKind kind, int field) => (kind, field) switch
    {
        (MessageKind.Model, ModelGraph) or (MessageKind.Training, 1 or 2) or (MessageKind.SparseTensor, 1 or 2) => true,
        (MessageKind.Attribute, AttributeTensor or AttributeGraph or AttributeSparseTensor) => true,
        _ => false,
    };
}
