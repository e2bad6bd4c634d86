namespace MlSql.Worker.Tasks;

/// <summary>The numbers that stand where a length could.</summary>
internal static class Marks
{
    public const int EndOfData = -1;
    public const int Failed = -2;
    public const int Timing = -3;
    public const int EndOfStream = -4;
    public const int Null = -5;
    public const int StartOfArrow = -6;
    public const int StartOfTask = -8;
}
