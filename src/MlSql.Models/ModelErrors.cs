using MlSql.Columnar;

namespace MlSql.Models;

/// <summary>The ledger of this room's errors: MLS5xxx. Numbers are never reused.</summary>
internal static class ModelErrors
{
    public const string BadName = "MLS5001";
    public const string NoSuchModel = "MLS5002";
    public const string NoSuchVersion = "MLS5003";
    public const string NoSuchAlias = "MLS5004";
    public const string NameTaken = "MLS5005";
    public const string VersionIsDefault = "MLS5006";
    public const string VersionHasAlias = "MLS5007";
    public const string NothingToRollBackTo = "MLS5008";
    public const string DamagedFile = "MLS5010";
    public const string MissingFile = "MLS5011";
    public const string NewerStore = "MLS5012";
    public const string WrongContent = "MLS5013";
    public const string NotAModel = "MLS5014";
    public const string NewerModel = "MLS5015";
    public const string UnwritableModel = "MLS5016";
    public const string DuplicateName = "MLS5017";
    public const string DiskFull = "MLS5020";
    public const string NoPermission = "MLS5021";
    public const string NotAFolder = "MLS5022";
    public const string Locked = "MLS5023";
    public const string InputOutput = "MLS5024";

    private const string Restore = "restore the file from a backup; else drop the version, or move the model's folder out of the store, and train again";

    public static CodedException InvalidName(string kind, string found) =>
        new(BadName, $"Not usable as the name of {kind}: {found}", "a name holds at least one character and is valid Unicode text");

    public static CodedException UnknownModel(string name) =>
        new(NoSuchModel, $"The store has no such model: {name}", "it may have been dropped or renamed meanwhile; SHOW MODELS lists what there is");

    public static CodedException UnknownVersion(string name, int version) =>
        new(NoSuchVersion, $"Model {name} has no such version: {version}", $"it may have been dropped meanwhile; SHOW VERSIONS IN MODEL {name} lists what there is");

    public static CodedException UnknownAlias(string name, string alias) =>
        new(NoSuchAlias, $"Model {name} has no such alias: {alias}", $"ALTER MODEL {name} SET ALIAS {alias} = version makes it");

    public static CodedException TakenName(string name) =>
        new(NameTaken, $"Another model has this name: {name}", "choose another name, or DROP MODEL the other one first");

    public static CodedException DropOfDefault(string name, int version) =>
        new(VersionIsDefault, $"Version {version} is the default of model {name}", $"set another default first: ALTER MODEL {name} SET DEFAULT VERSION n; or DROP MODEL {name} for all versions");

    public static CodedException DropOfAliased(string name, int version, string alias) =>
        new(VersionHasAlias, $"Alias {alias} of model {name} points to version {version}", $"move it (ALTER MODEL {name} SET ALIAS {alias} = n) or take it away (UNSET ALIAS {alias}) first");

    public static CodedException NoRollback(string name) =>
        new(NothingToRollBackTo, $"Model {name} had no other default version before", $"ALTER MODEL {name} SET DEFAULT VERSION n chooses one");

    public static CodedException Damaged(string path, string what, Exception? inner = null) =>
        new(DamagedFile, $"Damaged file in the model store: {path}: {what}", Restore, inner);

    public static CodedException Missing(string path, string of) =>
        new(MissingFile, $"Missing file in the model store: {path} ({of})", "it was dropped meanwhile, or deleted by hand: try again, else restore it from a backup");

    public static CodedException StoreTooNew(string path, string found) =>
        new(NewerStore, $"A newer MlSql wrote this file of the model store (format {found}, this one knows 1): {path}", "use that version of MlSql or a later one");

    public static CodedException HashMismatch(string path, string expected, string found) =>
        new(WrongContent, $"Damaged file in the model store: {path}: expected SHA-256 {expected}, found {found}", Restore);

    public static CodedException Malformed(string what) =>
        new(NotAModel, $"Not a whole model of MlSql: {what}", "the bytes are damaged or cut short; export or copy the model again");

    public static CodedException ModelTooNew(uint found) =>
        new(NewerModel, $"A newer MlSql wrote this model: its format is {found}, this one knows 1", "use that version of MlSql or a later one");

    public static CodedException Unwritable(string what) =>
        new(UnwritableModel, $"The model contradicts itself: {what}", "this is a bug of whatever made the model; please report it");

    public static CodedException Duplicate(string name, string path, string other) =>
        new(DuplicateName, $"Two models have the name {name}: {path} and {other}", "the first is used; move one of the folders out of the store");
}
