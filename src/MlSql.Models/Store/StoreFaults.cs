using MlSql.Columnar;

namespace MlSql.Models.Store;

/// <summary>Turns what a file system throws into the room's errors.</summary>
internal static class StoreFaults
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int NotADirectory = 20;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaLinux = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool IsFileSystemError(Exception fault) => fault is IOException or UnauthorizedAccessException;

    public static CodedException Of(string root, Exception fault) => fault switch
    {
        UnauthorizedAccessException or { HResult: NotPermitted or AccessDenied or ReadOnlyFileSystem } =>
            new(ModelErrors.NoPermission, $"The model store in {root} does not permit this: {fault.Message}", "Give this user the right to read and write the folder, or open another store.", fault),
        { HResult: NoSpace or QuotaLinux or WindowsDiskFull or WindowsHandleDiskFull } =>
            new(ModelErrors.DiskFull, $"The disk of the model store in {root} is full: {fault.Message}", "Nothing was changed that was kept before. Free some space and try again.", fault),
        { HResult: NotADirectory } => NotAFolder(root, fault),
        _ => new(ModelErrors.InputOutput, $"The model store in {root} cannot be read or written: {fault.Message}", "What was kept before is unchanged. Look whether the statement took effect (SHOW MODELS), and try again.", fault),
    };

    public static CodedException NotAFolder(string root, Exception? fault = null) =>
        new(ModelErrors.NotAFolder, $"The path of the model store is no folder: {root}", "Name a folder, existing or not, as the model store.", fault);

    public static CodedException HeldLock(string path, int seconds) =>
        new(ModelErrors.Locked, $"Another process has been changing the model store for {seconds} seconds: {path} is locked", "wait for it, or end it, and try again");
}
