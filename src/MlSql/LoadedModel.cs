using System.Collections.Concurrent;
using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Planning;
using MlSql.Rows;

namespace MlSql;

/// <summary>
/// A model version in this process: rows in, predictions out, with no statement and no engine between. Keeps working when its session is closed or another version becomes the default.
/// Safe for any number of threads at once; a call that is under way when the model is disposed ends in peace.
/// </summary>
public sealed class LoadedModel : IDisposable
{
    private readonly ModelVersion _model;
    private readonly RowScoring _scoring;
    private readonly ConcurrentDictionary<Type, RowShape> _shapes = new();
    private readonly RowShape _named;
    private RowShape? _last;
    private bool _isDisposed;

    internal LoadedModel(ModelVersion model, TimeSpan timeout, long arenaBytes, CancellationToken cancel)
    {
        _model = model;
        _scoring = new RowScoring(model, timeout, arenaBytes, cancel);
        _named = RowShape.OfNames(model);
    }

    /// <summary>The model's name as it was made.</summary>
    public string Name => _model.Name;

    /// <summary>The number of the version.</summary>
    public int Version => _model.Version;

    /// <summary>SHA-256 of what the model computes.</summary>
    public string ContentHash => _model.ContentHash;

    /// <summary>What a row must have, in the model's order.</summary>
    public ImmutableArray<string> Features => [.. _model.Model.Signature.Features.Select(f => f.Name)];

    /// <summary>The classes in ascending order, in the type in which they are predicted; those of 0 … k − 1 or false and true for imported models that give probabilities. Empty for a model without classes.</summary>
    public ImmutableArray<object> Classes => _scoring.Classes;

    /// <summary>
    /// Predicts one row, given by the public properties of an object (anonymous, a record, any class or struct) or by a dictionary. A property is a feature by its name, exactly or else by case, as with USING *; those that are
    /// no features are ignored. null is NULL. Numbers and bool stand for numbers, string for text, DateOnly for DATE, DateTime for TIMESTAMP (its clock time, to the microsecond), DateTimeOffset for TIMESTAMP WITH TIME ZONE, lists of numbers for lists, an object
    /// with properties for a STRUCT; a property of type object is taken by its value. How to read a type is worked out once and kept.
    /// Throws <see cref="MlSqlException"/>: MLS2009 for a missing feature, MLS2107 for one of a type that does not fit, MLS4xxx for values that the model cannot take; <see cref="OperationCanceledException"/>; <see cref="ObjectDisposedException"/>.
    /// </summary>
    public Prediction Predict(object row, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row is IReadOnlyDictionary<string, object?> values) return Predict(values, cancel);
        return Predict(ShapeOf(row.GetType()), row, cancel);
    }

    /// <summary>As the other form, from values by name: a name that is not there is a missing feature, null is NULL.</summary>
    public Prediction Predict(IReadOnlyDictionary<string, object?> row, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Predict(_named, row, cancel);
    }

    /// <summary>Frees what the model holds outside of .NET's memory.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _scoring.Dispose();
    }

    private Prediction Predict(RowShape shape, object row, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancel.ThrowIfCancellationRequested();
        var context = shape.Rent();
        try
        {
            shape.Fill(context, row);
            return _scoring.Predict(context, cancel);
        }
        catch (CodedException e)
        {
            throw Failures.Of(e);
        }
        finally
        {
            shape.Return(context);
        }
    }

    private RowShape ShapeOf(Type type)
    {
        if (_last is { } last && last.Type == type) return last;
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _last = _shapes.GetOrAdd(type, static (type, model) => RowShape.Of(model, type), _model);
    }
}
