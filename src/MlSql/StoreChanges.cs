using System.Globalization;
using MlSql.Models.Store;
using MlSql.Planning.Plans;

namespace MlSql;

/// <summary>Carries out DROP MODEL and ALTER MODEL.</summary>
internal static class StoreChanges
{
    /// <summary>Changes the store and says what was done.</summary>
    public static string Apply(ModelStore store, BoundStatement change, CancellationToken cancel)
    {
        switch (change)
        {
            case BoundNothing nothing:
                return nothing.Why;
            case BoundDropModel drop:
                store.DropModel(drop.Name, cancel);
                return $"Dropped model {drop.Name}";
            case BoundAlter alter:
                return Apply(store, alter.Name, alter.Action, cancel);
            default:
                throw new System.Diagnostics.UnreachableException(change.GetType().Name);
        }
    }

    private static string Apply(ModelStore store, string name, BoundAlteration action, CancellationToken cancel)
    {
        switch (action)
        {
            case BoundRename rename:
                store.Rename(name, rename.To, cancel);
                return $"Model {name} is now {rename.To}";
            case BoundSetAlias alias:
                store.SetAlias(name, alias.Alias, alias.Version, cancel);
                return string.Create(CultureInfo.InvariantCulture, $"{name}@{alias.Alias} is version {alias.Version}");
            case BoundUnsetAlias alias:
                store.UnsetAlias(name, alias.Alias, cancel);
                return $"{name}@{alias.Alias} is gone";
            case BoundSetDefault version:
                store.SetDefault(name, version.Version, cancel);
                return string.Create(CultureInfo.InvariantCulture, $"The default of {name} is version {version.Version}");
            case BoundRollback:
                return string.Create(CultureInfo.InvariantCulture, $"The default of {name} is version {store.Rollback(name, cancel)} again");
            case BoundDropVersion version:
                store.DropVersion(name, version.Version, cancel);
                return string.Create(CultureInfo.InvariantCulture, $"Dropped version {version.Version} of {name}");
            case BoundComment comment:
                store.SetComment(name, comment.Comment, cancel);
                return $"Commented model {name}";
            default:
                throw new System.Diagnostics.UnreachableException(action.GetType().Name);
        }
    }
}
