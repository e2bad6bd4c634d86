using System.Globalization;
using System.Text;

namespace MlSql.UnitTests.Training;

/// <summary>Reads the CSV files of the shared data: header, commas, RFC 4180 quotes; an empty field is NULL, a quoted empty one is ''.</summary>
internal sealed class CsvTable
{
    private readonly string[] _names;
    private readonly List<string?[]> _rows = [];

    public CsvTable(string path)
    {
        using StreamReader reader = new(path);
        _names = Array.ConvertAll(Split(reader.ReadLine()!), n => n!);
        while (reader.ReadLine() is { } line) _rows.Add(Split(line));
    }

    /// <summary>Keeps the rows for which the test holds.</summary>
    public void Keep(Func<Func<string, string?>, bool> test) => _rows.RemoveAll(row => !test(name => row[Array.IndexOf(_names, name)]));

    public string?[] Texts(string name)
    {
        int column = Array.IndexOf(_names, name);
        return column < 0 ? throw new ArgumentException(name) : [.. _rows.Select(row => row[column])];
    }

    public double?[] Doubles(string name) => Array.ConvertAll(Texts(name), t => t is null ? (double?)null : t switch
    {
        "true" => 1,
        "false" => 0,
        _ => double.Parse(t, CultureInfo.InvariantCulture),
    });

    public bool[] Booleans(string name) => Array.ConvertAll(Texts(name), t => t is "true" or "1");

    private static string?[] Split(string line)
    {
        List<string?> fields = [];
        for (int i = 0; i <= line.Length; i++)
        {
            StringBuilder field = new();
            bool quoted = i < line.Length && line[i] == '"';
            if (quoted)
            {
                for (i++; ; i++)
                {
                    if (line[i] != '"') field.Append(line[i]);
                    else if (i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
                    else break;
                }
                i++;
            }
            else
            {
                for (; i < line.Length && line[i] != ','; i++) field.Append(line[i]);
            }
            fields.Add(field.Length == 0 && !quoted ? null : field.ToString());
        }
        return [.. fields];
    }
}
