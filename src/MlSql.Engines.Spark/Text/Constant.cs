using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Language;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>A constant of an option: text, number or word as written, list, or struct. A closed family.</summary>
internal abstract record Constant(Span At)
{
    private const int DeepestNesting = 16;

    /// <summary>Reads the constant at <paramref name="i"/>, which moves behind it; null where there is none.</summary>
    public static Constant? Read(SqlTokens tokens, ref int i, int depth = 0)
    {
        int start = i;
        switch (tokens.Kind(i))
        {
            case TokenKind.Text:
                return ReadText(tokens, ref i);
            case TokenKind.Quoted:
                return new TextConstant(tokens.Unquoted(i), tokens.SpanOf(start, ++i));
            case TokenKind.Number:
            case TokenKind.Word:
                return new WordConstant(tokens.Text(i), tokens.SpanOf(start, ++i));
            case TokenKind.Operator when tokens.IsSymbol(i, '-') && tokens.Kind(i + 1) == TokenKind.Number:
                i += 2;
                return new WordConstant("-" + tokens.Text(i - 1), tokens.SpanOf(start, i));
            case TokenKind.Operator when tokens.IsSymbol(i, '*'):
                return new WordConstant("*", tokens.SpanOf(start, ++i));
            case TokenKind.Open when depth < DeepestNesting:
                return tokens.IsSymbol(i, '{') ? ReadStruct(tokens, ref i, depth) : ReadList(tokens, ref i, depth);
            default:
                return null;
        }
    }

    // A text may be put together, as a path in the script's folder is: 'folder' || '/name'.
    private static TextConstant ReadText(SqlTokens tokens, ref int i)
    {
        int start = i;
        var text = new StringBuilder(tokens.Unquoted(i++));
        for (; tokens.Kind(i) == TokenKind.Operator && tokens.Text(i) == "||" && tokens.Kind(i + 1) == TokenKind.Text; i += 2) text.Append(tokens.Unquoted(i + 1));
        return new TextConstant(text.ToString(), tokens.SpanOf(start, i));
    }

    private static ListConstant? ReadList(SqlTokens tokens, ref int i, int depth)
    {
        int start = i, close = tokens.Close(i);
        var items = ImmutableArray.CreateBuilder<Constant>();
        for (i++; i < close; i++)
        {
            if (Read(tokens, ref i, depth + 1) is not { } item || (i < close && tokens.Kind(i) != TokenKind.Comma)) return null;
            items.Add(item);
        }
        i = close + 1;
        return new ListConstant(items.ToImmutable(), tokens.SpanOf(start, i));
    }

    private static StructConstant? ReadStruct(SqlTokens tokens, ref int i, int depth)
    {
        int start = i, close = tokens.Close(i);
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, Constant>>();
        for (i++; i < close; i++)
        {
            if (tokens.Kind(i) is not (TokenKind.Text or TokenKind.Quoted or TokenKind.Word) || !tokens.IsSymbol(i + 1, ':')) return null;
            string name = tokens.Unquoted(i);
            i += 2;
            if (Read(tokens, ref i, depth + 1) is not { } value || (i < close && tokens.Kind(i) != TokenKind.Comma)) return null;
            fields.Add(new(name, value));
        }
        i = close + 1;
        return new StructConstant(fields.ToImmutable(), tokens.SpanOf(start, i));
    }

    /// <summary>True, false, or null where it says neither; 1 and 0 count, and the words in quotes.</summary>
    public bool? AsBoolean() => AsText()?.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "ON" => true,
        "FALSE" or "0" or "OFF" => false,
        _ => null,
    };

    /// <summary>The text, or the word as written; null for a list and a struct.</summary>
    public string? AsText() => this switch
    {
        TextConstant t => t.Text,
        WordConstant w => w.Word,
        _ => null,
    };

    /// <summary>A whole number that is not negative, or null.</summary>
    public int? AsCount() => int.TryParse(AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;

    /// <summary>The texts of a list, or of a single text; null for anything else.</summary>
    public ImmutableArray<string>? AsTexts()
    {
        if (this is not ListConstant list) return AsText() is { } text ? [text] : null;
        return list.Items.All(item => item.AsText() is not null) ? [.. list.Items.Select(item => item.AsText()!)] : null;
    }
}

internal sealed record TextConstant(string Text, Span At) : Constant(At);

internal sealed record WordConstant(string Word, Span At) : Constant(At);

internal sealed record ListConstant(ImmutableArray<Constant> Items, Span At) : Constant(At);

internal sealed record StructConstant(ImmutableArray<KeyValuePair<string, Constant>> Fields, Span At) : Constant(At);
