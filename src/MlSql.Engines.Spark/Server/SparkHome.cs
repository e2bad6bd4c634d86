namespace MlSql.Engines.Spark.Server;

/// <summary>A folder with a Spark in it, checked before anything is started from it.</summary>
internal sealed record SparkHome
{
    private SparkHome(string path) => Path = path;

    public string Path { get; }

    /// <summary>What starts an application.</summary>
    public string Submit => System.IO.Path.Combine(Path, "bin", "spark-submit");

    /// <summary>What starts any class of Spark's, such as the master of a cluster.</summary>
    public string Class => System.IO.Path.Combine(Path, "bin", "spark-class");

    /// <summary>
    /// Checks that a folder holds a Spark with Spark Connect and that there is a Java for it.
    /// Throws <see cref="Columnar.CodedException"/> MLS6301 (no folder is given), MLS6302 (it is no such Spark) or MLS6303 (no Java).
    /// </summary>
    /// <param name="path">The value of SPARK_HOME.</param>
    /// <param name="environment">Reads a variable of the environment that Spark will have.</param>
    public static SparkHome Check(string? path, Func<string, string?> environment)
    {
        if (string.IsNullOrWhiteSpace(path)) throw ServerErrors.NoHome();
        SparkHome home = new(System.IO.Path.GetFullPath(path));
        string jars = System.IO.Path.Combine(home.Path, "jars");
        if (!File.Exists(home.Submit) || !Directory.Exists(jars) || !Directory.EnumerateFiles(jars, "spark-connect_*.jar").Any()) throw ServerErrors.NotSpark(home.Path);
        CheckJava(environment);
        return home;
    }

    private static void CheckJava(Func<string, string?> environment)
    {
        string? javaHome = environment("JAVA_HOME");
        if (!string.IsNullOrEmpty(javaHome))
        {
            if (!File.Exists(System.IO.Path.Combine(javaHome, "bin", "java"))) throw ServerErrors.NoJava(javaHome);
            return;
        }
        string[] folders = (environment("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!Array.Exists(folders, f => File.Exists(System.IO.Path.Combine(f, "java")))) throw ServerErrors.NoJava(null);
    }
}
