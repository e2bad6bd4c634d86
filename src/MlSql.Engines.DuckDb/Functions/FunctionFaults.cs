using System.Globalization;
using System.Text.RegularExpressions;

namespace MlSql.Engines.DuckDb.Functions;

/// <summary>
/// Keeps the exceptions that functions of one database threw, so that the statement's caller gets them back: the engine only carries a text, which names the exception by number.
/// Keeps the last <see cref="Capacity"/>, for several threads of one statement may fail at once and only one error comes back.
/// </summary>
internal sealed partial class FunctionFaults
{
    private const int Capacity = 64;

    private readonly Lock _gate = new();
    private readonly (long Number, Exception? Fault)[] _faults = new (long, Exception?)[Capacity];
    private long _last;

    /// <summary>Keeps the exception and gives the text to hand to the engine.</summary>
    public string Keep(Exception fault)
    {
        lock (_gate)
        {
            long number = ++_last;
            _faults[number % Capacity] = (number, fault);
            return string.Create(CultureInfo.InvariantCulture, $"[function fault {number}] {fault.Message}");
        }
    }

    /// <summary>How many exceptions were ever kept: what came after a moment is found by <see cref="FindAfter"/>.</summary>
    public long Count
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>The first exception kept since <see cref="Count"/> was <paramref name="count"/>, or null.</summary>
    public Exception? FindAfter(long count)
    {
        lock (_gate)
        {
            for (long number = Math.Max(count, _last - Capacity) + 1; number <= _last; number++)
                if (_faults[number % Capacity].Fault is { } fault)
                    return fault;
        }
        return null;
    }

    /// <summary>The exception that an error text of the engine names, or null.</summary>
    public Exception? Find(string text)
    {
        Match marker = Marker().Match(text);
        if (!marker.Success || !long.TryParse(marker.Groups[1].Value, CultureInfo.InvariantCulture, out long number)) return null;
        lock (_gate)
        {
            ref (long Number, Exception? Fault) slot = ref _faults[number % Capacity];
            if (slot.Number != number) return null;
            Exception? fault = slot.Fault;
            slot = default;
            return fault;
        }
    }

    [GeneratedRegex(@"\[function fault (\d{1,18})\]")]
    private static partial Regex Marker();
}
