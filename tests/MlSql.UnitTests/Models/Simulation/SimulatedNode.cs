namespace MlSql.UnitTests.Models.Simulation;

/// <summary>A file or folder: as programs see it, and as it is on the disk.</summary>
internal sealed class SimulatedNode
{
    private SimulatedNode(bool isFolder) => IsFolder = isFolder;

    public bool IsFolder { get; }

    public SortedDictionary<string, SimulatedNode> Entries { get; private init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SimulatedNode> DurableEntries { get; private init; } = new(StringComparer.Ordinal);

    public byte[] Content { get; set; } = [];

    public byte[] DurableContent { get; set; } = [];

    public DateTimeOffset Written { get; set; }

    public static SimulatedNode NewFolder() => new(true);

    public static SimulatedNode NewFile() => new(false);

    public static SimulatedNode SettledFolder(SortedDictionary<string, SimulatedNode> entries) => new(true) { Entries = entries, DurableEntries = new(entries, StringComparer.Ordinal) };

    public static SimulatedNode SettledFile(byte[] content, DateTimeOffset written) => new(false) { Content = content, DurableContent = content, Written = written };
}

/// <summary>A change of one entry of a folder; null takes it away.</summary>
internal sealed record EntryChange(SimulatedNode Folder, string Name, SimulatedNode? Node)
{
    public void Apply(SortedDictionary<string, SimulatedNode> entries)
    {
        if (Node is null) entries.Remove(Name);
        else entries[Name] = Node;
    }
}
