namespace MlSql.Races;

/// <summary>A row of the races as a program has it: an object.</summary>
internal sealed class SingleRow
{
    public float F00 { get; init; }

    public float F01 { get; init; }

    public float F02 { get; init; }

    public float F03 { get; init; }

    public float F04 { get; init; }

    public float F05 { get; init; }

    public float F06 { get; init; }

    public float F07 { get; init; }

    public float F08 { get; init; }

    public float F09 { get; init; }

    public float F10 { get; init; }

    public float F11 { get; init; }

    public float F12 { get; init; }

    public float F13 { get; init; }

    public float F14 { get; init; }

    public float F15 { get; init; }

    public float F16 { get; init; }

    public float F17 { get; init; }

    public float F18 { get; init; }

    public float F19 { get; init; }

    public float F20 { get; init; }

    public float F21 { get; init; }

    public float F22 { get; init; }

    public float F23 { get; init; }

    public float F24 { get; init; }

    public float F25 { get; init; }

    public float F26 { get; init; }

    public float F27 { get; init; }

    /// <summary>A row of 28 columns.</summary>
    public static SingleRow Of(float[][] columns, int row) => new()
    {
        F00 = columns[0][row],
        F01 = columns[1][row],
        F02 = columns[2][row],
        F03 = columns[3][row],
        F04 = columns[4][row],
        F05 = columns[5][row],
        F06 = columns[6][row],
        F07 = columns[7][row],
        F08 = columns[8][row],
        F09 = columns[9][row],
        F10 = columns[10][row],
        F11 = columns[11][row],
        F12 = columns[12][row],
        F13 = columns[13][row],
        F14 = columns[14][row],
        F15 = columns[15][row],
        F16 = columns[16][row],
        F17 = columns[17][row],
        F18 = columns[18][row],
        F19 = columns[19][row],
        F20 = columns[20][row],
        F21 = columns[21][row],
        F22 = columns[22][row],
        F23 = columns[23][row],
        F24 = columns[24][row],
        F25 = columns[25][row],
        F26 = columns[26][row],
        F27 = columns[27][row],
    };
}
