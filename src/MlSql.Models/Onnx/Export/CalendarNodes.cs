using System.Diagnostics;
using MlSql.Models.Featurizers;

namespace MlSql.Models.Onnx.Export;

/// <summary>Computes the parts of <see cref="CalendarParts"/> in integers, those only that have a weight; NaN for NULL and the infinite times.</summary>
internal sealed class CalendarNodes
{
    private const long MicrosecondsPerHour = 3_600_000_000;

    // Division of the graph cuts toward zero. So many eras of 400 years are put before the count that no day of 32 bits is negative.
    private const long ErasBefore = 20_000, DaysPerEra = 146_097, DaysFromMarchOfYear0 = 719_468;
    private readonly GraphWriter _graph;
    private readonly string _input;
    private readonly bool _isDate;
    private readonly string _days;
    private readonly string? _timeOfDay;
    private (string YearOfEra, string DayOfYear, string MonthFromMarch, string Era)? _civil;

    private CalendarNodes(GraphWriter graph, FeatureInput input, string time)
    {
        _graph = graph;
        _input = input.Name;
        _isDate = input.Type is DateFeature;
        if (_isDate)
        {
            _days = time;
            return;
        }
        // Mod takes the sign of its divisor, so the rest is never negative.
        _timeOfDay = Whole("Mod", "time of day", time, CalendarParts.MicrosecondsPerDay);
        _days = Whole("Div", "days", Node("Sub", "midnight", time, _timeOfDay), CalendarParts.MicrosecondsPerDay);
    }

    /// <summary>Adds the parts with a weight to the numbers.</summary>
    public static void Add(GraphWriter graph, NumberColumns numbers, FeatureInput input, CalendarFeaturizer featurizer, ReadOnlySpan<double> weights)
    {
        List<int> parts = [];
        List<double> means = [], factors = [];
        for (int i = 0; i < CalendarParts.Count; i++)
        {
            double factor = NumberColumns.Factor(input, featurizer.Means[i], featurizer.Scales[i], weights[i]);
            if (factor == 0) continue;
            parts.Add(i);
            means.Add(featurizer.Means[i]);
            factors.Add(factor);
        }
        if (parts.Count > 0) numbers.Add(Parts(graph, input, parts), means.ToArray(), factors.ToArray());
    }

    /// <summary>The parts of each row, by their indexes in <see cref="CalendarParts.Names"/>: [N, parts] in double, NaN for NULL and the infinite times.</summary>
    public static string Parts(GraphWriter graph, FeatureInput input, IReadOnlyList<int> parts)
    {
        // Both ends are the infinite times; what lies beyond is no time at all.
        long infinity = input.Type is DateFeature ? int.MaxValue : long.MaxValue;
        string above = graph.Node("Greater", input.Name + " above", [input.Name, graph.Constant(-infinity)]);
        string below = graph.Node("Less", input.Name + " below", [input.Name, graph.Constant(infinity)]);
        string present = graph.Node("And", input.Name + " present", [above, below]);
        string time = graph.Node("Where", input.Name + " or 1970", [present, input.Name, graph.Constant(0L)]);
        CalendarNodes calendar = new(graph, input, time);
        string[] columns = [.. parts.Select(calendar.Part)];
        string all = columns.Length == 1 ? columns[0] : graph.Node("Concat", input.Name + " parts", [.. columns], NodeAttribute.Of("axis", 1));
        return graph.Node("Where", input.Name + " parts present", [present, all, graph.Constant(double.NaN)]);
    }

    private string Part(int part) => part switch
    {
        0 => Real("year", Year()),
        1 => Real("month", Month()),
        2 => Real("day", Day()),
        3 => Real("weekday", Whole("Add", "weekday number", Whole("Mod", "days since Monday", Whole("Add", "days of weeks", _days, 3), 7), 1)),
        4 => Real("hour", _isDate ? Whole("Mul", "hour number", _days, 0) : Whole("Div", "hour number", _timeOfDay!, MicrosecondsPerHour)),
        5 => _isDate ? Real("day number", _days) : Node("Add", "day number", Real("whole days", _days), DayFraction()),
        _ => throw new UnreachableException(CalendarParts.Names[part]),
    };

    private string DayFraction() => _graph.Node("Div", _input + " day fraction", [Real("microseconds", _timeOfDay!), _graph.Constant((double)CalendarParts.MicrosecondsPerDay)]);

    // The era method of CalendarParts, node by node: years begin in March.
    private (string YearOfEra, string DayOfYear, string MonthFromMarch, string Era) Civil()
    {
        if (_civil is { } known) return known;
        string shifted = Whole("Add", "shifted days", _days, DaysFromMarchOfYear0 + ErasBefore * DaysPerEra);
        string era = Whole("Div", "era", shifted, DaysPerEra);
        string dayOfEra = Whole("Mod", "day of era", shifted, DaysPerEra);
        string withoutFourth = Node("Sub", "days less years of 4", dayOfEra, Whole("Div", "years of 4", dayOfEra, 1_460));
        string withHundredth = Node("Add", "days less centuries", withoutFourth, Whole("Div", "centuries", dayOfEra, 36_524));
        string evenYears = Node("Sub", "days of even years", withHundredth, Whole("Div", "last day of era", dayOfEra, 146_096));
        string yearOfEra = Whole("Div", "year of era", evenYears, 365);
        string leapDays = Node("Sub", "leap days", Whole("Div", "fourth years", yearOfEra, 4), Whole("Div", "hundredth years", yearOfEra, 100));
        string daysBefore = Node("Add", "days before year", Whole("Mul", "days of years", yearOfEra, 365), leapDays);
        string dayOfYear = Node("Sub", "day of year", dayOfEra, daysBefore);
        string monthFromMarch = Whole("Div", "month from March", Whole("Add", "5 days of year and 2", Whole("Mul", "5 days of year", dayOfYear, 5), 2), 153);
        _civil = (yearOfEra, dayOfYear, monthFromMarch, era);
        return _civil.Value;
    }

    private string Year()
    {
        var civil = Civil();
        string fromMarch = Node("Add", "year from March", civil.YearOfEra, Whole("Mul", "years of eras", civil.Era, 400));
        // Months 10 and 11 from March are January and February of the next year.
        string shifted = Node("Add", "shifted year", fromMarch, Whole("Div", "next year", civil.MonthFromMarch, 10));
        return Whole("Sub", "year number", shifted, ErasBefore * 400);
    }

    private string Month() => Whole("Add", "month number", Whole("Mod", "month from January", Whole("Add", "month and 2", Civil().MonthFromMarch, 2), 12), 1);

    private string Day()
    {
        var civil = Civil();
        string before = Whole("Div", "days before month", Whole("Add", "153 months and 2", Whole("Mul", "153 months", civil.MonthFromMarch, 153), 2), 5);
        return Whole("Add", "day of month", Node("Sub", "days since month began", civil.DayOfYear, before), 1);
    }

    private string Whole(string operation, string result, string left, long right) => Node(operation, result, left, _graph.Constant(right));

    private string Node(string operation, string result, string left, string right) => _graph.Node(operation, _input + " " + result, [left, right]);

    private string Real(string result, string whole) => _graph.Node("Cast", _input + " " + result, [whole], NodeAttribute.Of("to", (long)TensorElement.Double));
}
