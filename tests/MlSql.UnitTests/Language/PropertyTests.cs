using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed partial class PropertyTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly string[] s_soup =
    [
        "SELECT", "FROM", "WHERE", "WITH", "AS", "(", ")", "[", "]", "{", "}", ",", ".", "*", "=", "=>", "@", "!", "::", ":", "|>", "->", "'text'", "\"name\"", "`b.c`", "$$x$$", "1", "2.5", "$1", "?", "a", "m", "t",
        "PREDICT", "PREDICT(", "PREDICT(m, a)", "ML.PREDICT(MODEL m, TABLE t)", "m!predict(", "PREDICTION_PROBABILITY(m USING *)", "TRAIN", "TRAIN m", "CREATE", "MODEL", "EVALUATE", "USING", "LABEL", "FEATURES", "OPTIONS", "WEIGHT", "BY", "CLASSES",
        "SPLIT", "SEED", "EVAL", "SHOW", "DROP", "ALTER", "EXPLAIN", "SYNTAX", "SET", "ALIAS", "VERSION", "UNION", "EXCEPT", "ORDER", "GROUP", "INSERT", "INTO", "VALUES", "STREAM", "TO", "STRUCT(", "DESCRIPTOR(", "RECURSIVE", "DISTINCT", "IS", "NOT", "NULL",
        ";", "--c\n", "/*c*/", "\n", "'", "\"", "$$", "/*", "é", "\u200B", "\uD83D", "\0", "IMPORT", "EXPORT", "START", "TUNE", "REFRESH", "IF", "EXISTS", "ON", "JOIN", "LATERAL", "CASE", "END", "COLUMN", "-", "+",
    ];

    private static readonly Gen<string> s_name = Gen.OneOf(
        Gen.Elements("m", "churn", "label", "model", "select", "from", "AS", "USING", "odd name", "a.b", "quote\"d", "it's", "`tick`", "größe", "日本", "\n", "--", "/*", "", "1a", "$x", "e", "E'", "\uD83D\uDE00"),
        Gen.ListOf(Gen.Choose(1, 0xD7FF).Select(c => (char)c)).Select(list => new string([.. list])),
        Gen.Constant(new string('x', 10_000)));

    [Test]
    public void Any_soup_of_tokens_gives_a_statement_or_a_place_in_the_text()
    {
        Gen<string> soups = Gen.ListOf(Gen.Elements(s_soup)).Select(tokens => string.Join(' ', tokens));
        Check.One(s_config.WithMaxTest(3000).WithEndSize(60), Prop.ForAll(soups.ToArbitrary(), (Action<string>)CheckSoup));
    }

    [Test]
    public void Any_beginning_or_damage_of_a_statement_gives_a_statement_or_a_place_in_the_text()
    {
        const string Text = "TRAIN m USING e(a = 1, b => [1, 2]) LABEL y FEATURES (* EXCEPT (a)) WEIGHT CLASSES ('a' => 2) SPLIT BY x EVAL 0.2 SEED 7 AS WITH c AS (SELECT PREDICT(m@b USING *) FROM ML.PREDICT(MODEL m, (SELECT 1), STRUCT(1 AS k))) SELECT m!predict(a) x FROM c UNION SELECT 1";
        for (int i = 0; i < Text.Length; i++)
        {
            CheckSoup(Text[..i]);
            CheckSoup(Text[i..]);
            CheckSoup(Text.Remove(i, 1));
            CheckSoup(Text.Insert(i, "'"));
            CheckSoup(Text.Insert(i, ")"));
        }
    }

    [Test]
    public void Any_name_in_quotes_is_read_back()
    {
        Check.One(s_config, Prop.ForAll(s_name.ToArbitrary(), (Action<string>)(name =>
        {
            string quoted = SqlQuote.Identifier(name);
            Assert.That(Parsing.Parsed<DropModelStatement>($"DROP MODEL {quoted}.{quoted}").Model.Parts, Is.EqualTo(new[] { name, name }));
            Assert.That(Parsing.Only<ScalarPredict>($"SELECT PREDICT({quoted}, {quoted}) FROM t").Model.Model.Parts, Is.EqualTo(new[] { name }));
            Assert.That(Parsing.Parsed<ShowModelsStatement>($"SHOW MODELS LIKE {SqlQuote.Text(name)}").Like!.Text, Is.EqualTo(name));
            Assert.That(Parsing.Parsed<DropModelStatement>($"DROP MODEL {SqlQuote.Name(new Name(default, [name, "x"]))}").Model.Parts, Is.EqualTo(new[] { name, "x" }));
        })));
    }

    [Test]
    public void A_printed_training_parses_back_to_an_equal_one()
    {
        Check.One(s_config, Prop.ForAll(Trainings().ToArbitrary(), (Action<string>)(text =>
        {
            TrainStatement train = Parsing.Parsed<TrainStatement>(text);
            string printed = CanonicalSql.Print(train, text);
            TrainStatement again = Parsing.Parsed<TrainStatement>(printed);

            Assert.That(WithoutPlaces(StatementPrinter.Print(again, printed)), Is.EqualTo(WithoutPlaces(StatementPrinter.Print(train, text))));
            Assert.That(CanonicalSql.Print(again, printed), Is.EqualTo(printed));
            Assert.That((again.Mode, again.ByModelType), Is.EqualTo((train.Mode, train.ByModelType)));
            Assert.That(again.Options.Select(o => (o.Key, o.IsList, o.Complex)), Is.EqualTo(train.Options.Select(o => (o.Key, o.IsList, o.Complex))));
        })));
    }

    private static Gen<string> Trainings()
    {
        Gen<string> name = s_name.Select(SqlQuote.Identifier);
        Gen<string> literal = Gen.OneOf(s_name.Select(SqlQuote.Text), Gen.Elements("1", "-2.5", "1e-3", "TRUE", "NULL", "word", "\"quoted word\""));
        Gen<string> value = Gen.OneOf(literal, Gen.ListOf(literal).Select(items => $"[{string.Join(", ", items)}]"), Gen.Elements("STRUCT(1 AS a)", "f(x, 'y')", "1 + 2"));
        Gen<string> option = from key in Gen.OneOf(Gen.Elements("l2_reg", "model_type", "a.b", "'Quoted key'", "select_it"), name) from sign in Gen.Elements(" = ", " => ", "=") from v in value select key + sign + v;
        Gen<string> options = Gen.ListOf(option).Select(all => string.Join(", ", all));
        Gen<string>[] clauses =
        [
            from e in name from o in options select $"USING {e} ({o})",
            name.Select(n => $"LABEL {n}"),
            from star in Gen.Elements("* EXCEPT (a), ", "*, ", "") from n in Gen.NonEmptyListOf(name) select $"FEATURES ({star}{string.Join(", ", n)})",
            Gen.Elements("WEIGHT BY w * label", "WEIGHT CLASSES BALANCED", "WEIGHT BY CASE WHEN a THEN 1 END"),
            from v in literal from w in Gen.Elements("1", "0.5") select $"WEIGHT CLASSES ({v} => {w}, 'z' => 1)",
            Gen.Elements("SPLIT RANDOM", "SPLIT RANDOM EVAL 0.2 TEST 0.1", "SPLIT BY a > 'b'", "SPLIT NONE"),
            Gen.Elements("SEED 7", "SEED -1"),
            s_name.Select(n => $"COMMENT {SqlQuote.Text(n)}"),
        ];
        // WEIGHT BY and WEIGHT CLASSES may stand together, but the two makers of WEIGHT CLASSES may not.
        return from verb in Gen.Elements("TRAIN", "TRAIN MODEL", "CREATE MODEL", "CREATE OR REPLACE MODEL", "CREATE MODEL IF NOT EXISTS")
               from model in name
               from order in Gen.Shuffle(clauses)
               from count in Gen.Choose(0, clauses.Length)
               from chosen in Gen.CollectToList(order.Take(count), clause => clause)
               from query in Gen.Elements("SELECT * FROM t", "(SELECT a, PREDICT(m, b) AS p FROM t)", "WITH c AS (SELECT 1) SELECT * FROM c", "FROM t")
               select $"{verb} {model} {string.Join(' ', OneWeightOfClasses(chosen))} AS {query}";
    }

    private static IEnumerable<string> OneWeightOfClasses(IEnumerable<string> clauses)
    {
        bool seen = false;
        foreach (string clause in clauses)
        {
            bool weight = clause.StartsWith("WEIGHT CLASSES", StringComparison.Ordinal);
            if (!weight || !seen) yield return clause;
            seen |= weight;
        }
    }

    private static string WithoutPlaces(string tree) => Blanks().Replace(tree, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    private static void CheckSoup(string text)
    {
        foreach (ParseResult result in Parser.ParseScript(text))
        {
            if (result.Failed) Assert.That(result.Diagnostics, Is.Not.Empty);
            foreach (Diagnostic diagnostic in result.Diagnostics)
            {
                Assert.That(diagnostic.At.Start, Is.InRange(0, text.Length));
                Assert.That(diagnostic.At.End, Is.InRange(diagnostic.At.Start, text.Length));
                Assert.That(DiagnosticPrinter.Print(text, diagnostic), Does.StartWith("MLS1"));
            }
            if (result.Statement is not { } statement) continue;
            Assert.That(StatementPrinter.Print(statement, text), Is.Not.Empty);
            if (statement is QueryStatement query) Coverage.Check(query.Text);
            if (statement is TrainStatement train) Coverage.Check(train.Query);
        }
    }
}
