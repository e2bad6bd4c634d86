using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Scoring.Commands;

/// <summary>The ledger of errors of commands: MLS42xx. Numbers are never reused.</summary>
internal static class CommandErrors
{
    public static CodedException TooNew(byte found) => new(
        "MLS4201",
        string.Create(CultureInfo.InvariantCulture, $"The command was written by a newer MlSql (protocol {found}, this worker knows {WorkerCommand.ProtocolVersion})"),
        "let the cluster use the worker of the client's version");

    public static CodedException Malformed(string what) => new(
        "MLS4202",
        $"Not a whole command of MlSql: {what}",
        "client and worker are of different builds, or the bytes were changed on their way; use the worker that came with the client");

    public static CodedException Unwritable(DataType type) => new(
        "MLS4203",
        $"A command cannot ask for values of type {type}",
        "this is a bug in MlSql; please report it");
}
