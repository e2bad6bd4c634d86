namespace MlSql.UnitTests.Models.Simulation;

/// <summary>
/// What a power cut can leave: any subset of the unsynced entry changes, and of each file with unsynced data nothing, all, a torn beginning, zeros, or any of its sectors.
/// All combinations where there are few of them, a sample else.
/// </summary>
internal static class PowerCut
{
    private const int Sector = 512;
    private const int DataFates = 5;

    public static IEnumerable<SimulatedNode> States(SimulatedNode root, List<EntryChange> pending, int limit, Random random)
    {
        // What becomes of names under tmp/ never matters to a reader, so those go by chance and do not count as a choice.
        SimulatedNode? temporary = Folders(root).FirstOrDefault(pair => pair.Name == "tmp").Node;
        List<EntryChange> choices = [.. pending.Where(change => change.Folder != temporary)];
        List<SimulatedNode> dirty = [.. pending.Select(change => change.Node).OfType<SimulatedNode>().Concat(Files(root)).Distinct().Where(node => !node.IsFolder && node.Content != node.DurableContent)];
        double combinations = Math.Pow(2, choices.Count) * Math.Pow(DataFates, dirty.Count);
        bool exhaustive = combinations <= limit;
        for (int state = 0; state < (exhaustive ? (int)combinations : limit); state++)
        {
            int code = state;
            HashSet<EntryChange> kept = new(ReferenceEqualityComparer.Instance);
            foreach (EntryChange change in pending)
                if (change.Folder == temporary ? random.Next(2) == 0 : Choose(2) == 1) kept.Add(change);
            Dictionary<SimulatedNode, int> fates = dirty.ToDictionary(node => node, _ => Choose(DataFates));
            yield return Settle(root, [.. pending.Where(kept.Contains)], fates, random);

            int Choose(int options)
            {
                if (!exhaustive) return random.Next(options);
                int choice = code % options;
                code /= options;
                return choice;
            }
        }
    }

    private static SimulatedNode Settle(SimulatedNode node, List<EntryChange> kept, Dictionary<SimulatedNode, int> fates, Random random)
    {
        if (!node.IsFolder) return SimulatedNode.SettledFile(fates.TryGetValue(node, out int fate) ? Data(node, fate, random) : node.DurableContent, node.Written);
        SortedDictionary<string, SimulatedNode> entries = new(node.DurableEntries, StringComparer.Ordinal);
        foreach (EntryChange change in kept)
            if (change.Folder == node) change.Apply(entries);
        SortedDictionary<string, SimulatedNode> settled = new(StringComparer.Ordinal);
        foreach ((string name, SimulatedNode child) in entries) settled[name] = Settle(child, kept, fates, random);
        return SimulatedNode.SettledFolder(settled);
    }

    private static byte[] Data(SimulatedNode file, int fate, Random random)
    {
        byte[] all = file.Content, old = file.DurableContent;
        switch (fate)
        {
            case 0: return old;
            case 1: return all;
            case 2: return all[..Math.Min(all.Length, Sector * random.Next(all.Length / Sector + 1))];
            case 3: return [.. old, .. new byte[all.Length - old.Length]];
            default:
                byte[] mixed = [.. old, .. new byte[all.Length - old.Length]];
                for (int at = 0; at < all.Length; at += Sector)
                    if (random.Next(2) == 0) all.AsSpan(at, Math.Min(Sector, all.Length - at)).CopyTo(mixed.AsSpan(at));
                return mixed;
        }
    }

    private static IEnumerable<(string Name, SimulatedNode Node)> Folders(SimulatedNode folder) =>
        folder.Entries.Where(entry => entry.Value.IsFolder).SelectMany(entry => Folders(entry.Value).Prepend((entry.Key, entry.Value)));

    private static IEnumerable<SimulatedNode> Files(SimulatedNode folder) =>
        folder.Entries.Values.SelectMany(node => node.IsFolder ? Files(node) : [node]);
}
