using System.Globalization;
using MlSql.Engines.Spark.Connect.Errors;

namespace MlSql.Engines.Spark.Connect;

/// <summary>The version that a server names, like 4.3.0 or 4.1.0-SNAPSHOT.</summary>
internal sealed record SparkVersion(int Major, int Minor, string Text)
{
    /// <summary>What MlSql is tested with.</summary>
    private const int TestedMinor = 3;

    /// <summary>Why this version may give trouble, or null for the tested one.</summary>
    public string? Notice => Minor == TestedMinor ? null : $"The server runs Spark {Text}; MlSql is tested with Spark 4.{TestedMinor}";

    public bool AtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    /// <summary>Reads it; throws MLS6212 for what is no Spark 4.</summary>
    public static SparkVersion Parse(string text)
    {
        string[] parts = text.Split('.', 3);
        bool read = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major);
        int minor = 0;
        read = read && parts.Length > 1 && int.TryParse(parts[1].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out minor);
        if (!read) throw new SparkException(SparkErrorCodes.ServerVersion, $"The server names a version of Spark that cannot be read: {(text.Length > 60 ? text[..60] + "…" : text)}", "MlSql works with Spark 4");
        return major == 4 ? new SparkVersion(major, minor, text) : throw new SparkException(SparkErrorCodes.ServerVersion, $"The server runs Spark {text}", "MlSql works with Spark 4: connect to such a server");
    }
}
