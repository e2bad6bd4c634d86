using MlSql.Columnar;

namespace MlSql.Models.Onnx;

/// <summary>The ledger of the ONNX reader's errors: MLS70xx, each for one thing; numbers are never reused. Every message names the model.</summary>
/// <param name="model">The file's path, or what stands for it.</param>
internal sealed class OnnxErrors(string model)
{
    public const string FileNotFound = "MLS7001";
    public const string FileNotRegular = "MLS7002";
    public const string FileEmpty = "MLS7003";
    public const string OtherFormat = "MLS7004";
    public const string NotComplete = "MLS7005";
    public const string TrailingBytes = "MLS7006";
    public const string NoGraph = "MLS7007";
    public const string NoOutputs = "MLS7008";
    public const string Unreadable = "MLS7009";
    public const string GraphCycle = "MLS7010";
    public const string SelfLoop = "MLS7011";
    public const string UndefinedInput = "MLS7012";
    public const string ProducedTwice = "MLS7013";
    public const string UndefinedOutput = "MLS7014";
    public const string OutputListedTwice = "MLS7015";
    public const string FunctionCycle = "MLS7016";
    public const string NameNotText = "MLS7017";
    public const string ValueType = "MLS7018";
    public const string AttributeTwice = "MLS7019";
    public const string IrVersion = "MLS7020";
    public const string NewerOpset = "MLS7021";
    public const string NoOpset = "MLS7022";
    public const string UnknownDomain = "MLS7023";
    public const string OperatorReadsFiles = "MLS7024";
    public const string NegativeDimension = "MLS7030";
    public const string SizeOverflow = "MLS7031";
    public const string SizeMismatch = "MLS7032";
    public const string ElementType = "MLS7033";
    public const string TooHighRank = "MLS7034";
    public const string TooManyNodes = "MLS7040";
    public const string TooDeep = "MLS7041";
    public const string FileTooLarge = "MLS7042";
    public const string TensorsTooLarge = "MLS7043";
    public const string TooManyNames = "MLS7044";
    public const string TooLongText = "MLS7045";
    public const string TooManySideTensors = "MLS7046";
    public const string ExternalDataInBytes = "MLS7050";
    public const string ExternalDataAbsolute = "MLS7051";
    public const string ExternalDataLeaves = "MLS7052";
    public const string ExternalDataSymbolicLink = "MLS7053";
    public const string ExternalDataHardLink = "MLS7054";
    public const string ExternalDataNotRegular = "MLS7055";
    public const string ExternalDataMissing = "MLS7056";
    public const string ExternalDataBeyondFile = "MLS7057";
    public const string ExternalDataEntry = "MLS7058";
    public const string TreeLengths = "MLS7060";
    public const string TreeCycle = "MLS7061";
    public const string TreeDanglingChild = "MLS7062";
    public const string TreeFeature = "MLS7063";
    public const string TreeNodeTwice = "MLS7064";
    public const string TreeLeaf = "MLS7065";
    public const string TreeTarget = "MLS7066";

    private const string ExportAgain = "the file is damaged or its exporter is at fault: export the model again";
    private const string OneFile = "save the model as one file (in Python: onnx.save(model, path, save_as_external_data=False))";
    private const string SideFile = "the side file must be a plain file inside the model's own folder: put a copy of it there, or save the model as one file";
    private const string Simplify = "the model is larger than what is accepted; a smaller one, or fewer trees, or an export without unrolled loops may fit";
    private readonly string _model = ShownText.Path(model);

    public CodedException NotFound() => new(FileNotFound, $"No such model file: {_model}", "a relative path counts from the working directory");

    public CodedException NotRegular(string kind) => new(FileNotRegular, $"Not a plain file but {kind}: {_model}", "name the .onnx file itself");

    public CodedException Empty() => new(FileEmpty, $"The model file is empty (0 bytes): {_model}", "copy or download it again");

    public CodedException LooksLike(string kind, string hint) => new(OtherFormat, $"This looks like {kind}, not an ONNX model: {_model}", hint);

    public CodedException Incomplete(long size, string what) =>
        new(NotComplete, $"Not a complete ONNX protobuf: {_model} ({size} bytes): {what}", "the file is cut short or damaged, or no ONNX model at all: copy, download or export it again");

    public CodedException Trailing(int at, long size) =>
        new(TrailingBytes, $"Bytes after the model do not parse: {_model}: from byte {at} of {size} on", "something was appended to the file: copy, download or export it again");

    public CodedException GraphMissing() => new(NoGraph, $"An ONNX model without a graph: {_model}", ExportAgain);

    public CodedException OutputsMissing() => new(NoOutputs, $"A model with no outputs cannot PREDICT: {_model}", ExportAgain);

    public CodedException CannotRead(string path, string reason, Exception? inner = null) =>
        new(Unreadable, path == model ? $"Cannot read the model: {reason}: {_model}" : $"Cannot read the side file {ShownText.Path(path)}: {reason}: {_model}", "check that the file is there, that this process may read it, and that nothing writes it meanwhile", inner);

    public CodedException Cycle(string path) => new(GraphCycle, $"The graph runs in a circle: {path}: {_model}", ExportAgain);

    public CodedException ReadsItself(string node, string tensor) => new(SelfLoop, $"A node reads its own output: {node}, {tensor}: {_model}", ExportAgain);

    public CodedException Undefined(string tensor, string node) => new(UndefinedInput, $"Input {tensor} of {node} is produced by nothing: {_model}", ExportAgain);

    public CodedException Twice(string tensor) => new(ProducedTwice, $"{tensor} is produced twice: {_model}", ExportAgain);

    public CodedException OutputUndefined(string tensor, string graph) => new(UndefinedOutput, $"Output {tensor} of {graph} is produced by nothing: {_model}", ExportAgain);

    public CodedException OutputTwice(string tensor) => new(OutputListedTwice, $"Output {tensor} is listed twice: {_model}", ExportAgain);

    public CodedException FunctionCallsItself(string function) => new(FunctionCycle, $"A function of the model calls itself: {function}: {_model}", ExportAgain);

    public CodedException NotText(string what, string name) =>
        new(NameNotText, $"The name of {what} is not valid UTF-8: {name}: {_model}", "give it another name where the model is exported");

    public CodedException Type(string what, string name, string found) =>
        new(ValueType, $"The type of {what} {name} has no SQL counterpart: {found}: {_model}", "tensors of numbers, booleans and text, sequences and maps of them can be used; cast it where the model is exported");

    public CodedException AttributeRepeated(string attribute, string node) => new(AttributeTwice, $"Attribute {attribute} of {node} is given twice: {_model}", ExportAgain);

    public CodedException UnsupportedIr(long found) =>
        new(IrVersion, $"IR version {found} is not supported ({RuntimeSupport.Runtime} reads 1 to {RuntimeSupport.IrVersion}): {_model}", "export the model with an older version of ONNX");

    public CodedException UnsupportedOpset(string domain, long found, int newest) =>
        new(NewerOpset, $"Opset {found} of domain {domain} is newer than the runtime supports ({RuntimeSupport.Runtime}: {newest}): {_model}", $"export the model for opset {newest} or older");

    public CodedException OpsetMissing(string domain) => new(NoOpset, $"The model names no opset (1 or later) of domain {domain}: {_model}", ExportAgain);

    public CodedException DomainNotAllowed(string node, string domain) =>
        new(UnknownDomain, $"{node} needs the operator domain {domain}, which is not registered: {_model}", "only operators of ONNX, ONNX-ML and com.microsoft are run; export the model without custom operators");

    public CodedException ReadsFiles(string node) =>
        new(OperatorReadsFiles, $"{node} opens files while it runs, which is not allowed: {_model}", "export the plain model, not one compiled for a device");

    public CodedException Negative(string tensor, long dimension) => new(NegativeDimension, $"Negative dimension {dimension} of tensor {tensor}: {_model}", ExportAgain);

    public CodedException Overflow(string tensor, string dimensions) => new(SizeOverflow, $"The product of the dimensions of tensor {tensor} overflows 64 bits: {dimensions}: {_model}", ExportAgain);

    public CodedException Mismatch(string tensor, string declared, string carried) => new(SizeMismatch, $"Tensor {tensor} declares {declared} and carries {carried}: {_model}", ExportAgain);

    public CodedException UnknownElement(string tensor, long type) => new(ElementType, $"Tensor {tensor} has an unknown element type: {type}: {_model}", ExportAgain);

    public CodedException Rank(string tensor, int limit) => new(TooHighRank, $"Tensor {tensor} has more than {limit} dimensions: {_model}", Simplify);

    public CodedException NodeCount(int limit) => new(TooManyNodes, $"The graph has more than {limit} nodes: {_model}", Simplify);

    public CodedException Nesting(string what, int limit) => new(TooDeep, $"{what} nest deeper than {limit}: {_model}", Simplify);

    public CodedException Size(long found, int limit) => new(FileTooLarge, $"The model has {found} bytes, more than {limit}: {_model}", Simplify);

    public CodedException TensorSize(long limit) => new(TensorsTooLarge, $"The constant tensors declare more than {limit} bytes: {_model}", Simplify);

    public CodedException NameCount(int limit) => new(TooManyNames, $"The model has more than {limit} names of tensors and attributes: {_model}", Simplify);

    public CodedException TextLength(string what, int limit) => new(TooLongText, $"{what} is longer than {limit} bytes: {_model}", ExportAgain);

    public CodedException ExternalCount(int limit) => new(TooManySideTensors, $"More than {limit} tensors lie in side files: {_model}", OneFile);

    public CodedException ExternalInBytes(string tensor) => new(ExternalDataInBytes, $"Tensor {tensor} lies in a side file, but the model was given without a folder: {_model}", OneFile);

    public CodedException ExternalAbsolute(string tensor, string location) => new(ExternalDataAbsolute, $"Absolute external data location of tensor {tensor}: {location}: {_model}", SideFile);

    public CodedException ExternalLeaves(string tensor, string location) => new(ExternalDataLeaves, $"The external data location of tensor {tensor} leaves the model's folder: {location}: {_model}", SideFile);

    public CodedException ExternalSymbolicLink(string tensor, string location) => new(ExternalDataSymbolicLink, $"The external data location of tensor {tensor} goes through a symbolic link: {location}: {_model}", SideFile);

    public CodedException ExternalHardLink(string tensor, string location) => new(ExternalDataHardLink, $"The external data file of tensor {tensor} has other names too (hard links): {location}: {_model}", SideFile);

    public CodedException ExternalNotRegular(string tensor, string location, string kind) => new(ExternalDataNotRegular, $"The external data of tensor {tensor} is not a plain file but {kind}: {location}: {_model}", SideFile);

    public CodedException ExternalMissing(string tensor, string location) => new(ExternalDataMissing, $"The side file of tensor {tensor} is missing: {location}: {_model}", "copy it into the model's folder too");

    public CodedException ExternalBeyond(string tensor, string location, long offset, long length, long size) =>
        new(ExternalDataBeyondFile, $"Tensor {tensor} reads beyond its side file: {location}: {length} bytes from byte {offset} of {size}: {_model}", "the side file is cut short or another model's: copy both files again");

    public CodedException ExternalEntry(string tensor, string what) => new(ExternalDataEntry, $"The external data entry of tensor {tensor} is not sound: {what}: {_model}", ExportAgain);

    public CodedException TreeArrays(string node, string first, long firstLength, string second, long secondLength) =>
        new(TreeLengths, $"{node}: {first} has {firstLength} elements and {second} {secondLength}: {_model}", ExportAgain);

    public CodedException TreeCircle(string node, long tree, long from, long to) => new(TreeCycle, $"{node}: child pointers form a cycle (node {from} -> node {to} of tree {tree}): {_model}", ExportAgain);

    public CodedException TreeChild(string node, long tree, long from, long to) => new(TreeDanglingChild, $"{node}: node {from} of tree {tree} points to node {to}, which is not there: {_model}", ExportAgain);

    public CodedException TreeReads(string node, long feature, long? width) =>
        new(TreeFeature, width is { } k ? $"{node}: the tree reads feature {feature} of {k}: {_model}" : $"{node}: the tree reads feature {feature}: {_model}", ExportAgain);

    public CodedException TreeDuplicate(string node, long tree, long id) => new(TreeNodeTwice, $"{node}: node {id} of tree {tree} is given twice: {_model}", ExportAgain);

    public CodedException LeafMissing(string node, string what, long tree, long id) => new(TreeLeaf, $"{node}: {what} names node {id} of tree {tree}, which is not there: {_model}", ExportAgain);

    public CodedException NoSuchTarget(string node, string what, long found, long? count) =>
        new(TreeTarget, count is { } k ? $"{node}: {what} names {found} of {k}: {_model}" : $"{node}: {what} names {found}: {_model}", ExportAgain);
}
