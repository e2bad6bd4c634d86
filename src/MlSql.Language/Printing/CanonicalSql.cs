using System.Collections.Immutable;
using System.Text;
using MlSql.Language.Statements;

namespace MlSql.Language;

/// <summary>Prints a statement that makes a model in clause form, the way SHOW CREATE MODEL shows it.</summary>
public static class CanonicalSql
{
    /// <summary>
    /// The statement, one clause a line in a fixed order, without a semicolon; <paramref name="source"/> is the text that its spans refer to. It parses back to an equal
    /// statement. Clauses that are not carried out are left out.
    /// </summary>
    public static string Print(TrainStatement train, string source)
    {
        var text = new StringBuilder();
        text.Append(Verb(train.Mode)).Append(' ').Append(SqlQuote.Name(train.Model)).Append('\n');
        if (train.Estimator is { } estimator)
        {
            text.Append("USING ").Append(SqlQuote.Name(estimator));
            if (train.Options.Length > 0) text.Append(" (").Append(Options(train.Options, source)).Append(')');
            text.Append('\n');
        }
        else if (train.Options.Length > 0)
        {
            text.Append("OPTIONS (").Append(Options(train.Options, source)).Append(")\n");
        }
        if (train.Label is { } label) text.Append("LABEL ").Append(SqlQuote.Name(label)).Append('\n');
        if (train.Features is { } features) text.Append("FEATURES (").Append(Features(features)).Append(")\n");
        if (train.WeightBy is { } weight) text.Append("WEIGHT BY ").Append(weight.Span.Of(source)).Append('\n');
        if (train.BalancedClasses is not null) text.Append("WEIGHT CLASSES BALANCED\n");
        if (train.ClassWeights.Length > 0)
            text.Append("WEIGHT CLASSES (").AppendJoin(", ", train.ClassWeights.Select(w => $"{Literal(w.Value)} => {Literal(w.Weight)}")).Append(")\n");
        if (train.Split is { } split) text.Append(Split(split, source)).Append('\n');
        if (train.Seed is { } seed) text.Append("SEED ").Append(Literal(seed)).Append('\n');
        if (train.EarlyStopping is { } early) text.Append(EarlyStopping(early, source)).Append('\n');
        if (train.Comment is { } comment) text.Append("COMMENT ").Append(Literal(comment)).Append('\n');
        return text.Append("AS ").Append(train.Query.Span.Of(source)).ToString();
    }

    /// <summary>The statement as IMPORT MODEL, one clause a line in a fixed order, without a semicolon. It parses back to an equal import. Clauses that are not carried out are left out.</summary>
    public static string Print(ImportStatement import)
    {
        var text = new StringBuilder();
        text.Append("IMPORT MODEL ").Append(SqlQuote.Name(import.Model)).Append("\nFROM ").Append(Literal(import.Path));
        if (import.Format is { } format) text.Append("\nFORMAT ").Append(SqlQuote.Name(format));
        if (import.Inputs.Length > 0) text.Append("\nINPUT (").AppendJoin(", ", import.Inputs.Select(Input)).Append(')');
        if (import.Outputs.Length > 0) text.Append("\nOUTPUT (").AppendJoin(", ", import.Outputs.Select(Output)).Append(')');
        if (import.Comment is { } comment) text.Append("\nCOMMENT ").Append(Literal(comment));
        return text.ToString();
    }

    internal static string Input(TensorInput input)
    {
        string from = input.Features switch
        {
            [] => "",
            [var only] => " FROM " + SqlQuote.Name(only),
            var several => $" FROM ({string.Join(", ", several.Select(SqlQuote.Name))})",
        };
        return SqlQuote.Name(input.Tensor) + from + (input.Type is { } type ? " " + type.Text : "");
    }

    internal static string Output(TensorOutput output) => SqlQuote.Name(output.Tensor) + (output.Column is { } column ? " AS " + SqlQuote.Name(column) : "") + (output.Type is { } type ? " " + type.Text : "");

    internal static string Verb(TrainMode mode) => mode switch
    {
        TrainMode.Create => "CREATE MODEL",
        TrainMode.CreateOrReplace => "CREATE OR REPLACE MODEL",
        TrainMode.CreateIfNotExists => "CREATE MODEL IF NOT EXISTS",
        _ => "TRAIN MODEL",
    };

    internal static string Literal(Literal literal) => literal.Kind switch
    {
        LiteralKind.Number => literal.Text,
        LiteralKind.Boolean or LiteralKind.Null => literal.Text.ToUpperInvariant(),
        _ => literal.Bare ? SqlQuote.IdentifierIfNeeded(literal.Text) : SqlQuote.Text(literal.Text),
    };

    internal static string Options(ImmutableArray<Option> options, string source) => string.Join(", ", options.Select(option => $"{Key(option.Key)} = {Value(option, source)}"));

    internal static string Features(FeatureList features)
    {
        IEnumerable<string> items = features.Columns.Select(SqlQuote.Name);
        if (!features.Star) return string.Join(", ", items);
        string star = features.Except.Length == 0 ? "*" : $"* EXCEPT ({string.Join(", ", features.Except.Select(SqlQuote.Name))})";
        return string.Join(", ", items.Prepend(star));
    }

    internal static string Split(SplitClause split, string source)
    {
        string by = split.Kind switch { SplitKind.Random => "RANDOM", SplitKind.None => "NONE", _ => "BY " + split.By!.Span.Of(source) };
        string eval = split.Eval is { } e ? " EVAL " + Literal(e) : "";
        string test = split.Test is { } t ? " TEST " + Literal(t) : "";
        return "SPLIT " + by + eval + test;
    }

    internal static string EarlyStopping(EarlyStoppingClause early, string source) => early.Options.Length == 0 ? "EARLY STOPPING" : $"EARLY STOPPING ({Options(early.Options, source)})";

    private static string Key(string key) => key.Split('.').All(SqlQuote.IsPlain) ? key : SqlQuote.Text(key);

    private static string Value(Option option, string source)
    {
        if (option.Complex) return option.ValueSpan.Of(source);
        return option.IsList ? $"[{string.Join(", ", option.Items.Select(Literal))}]" : Literal(option.Items[0]);
    }
}
