using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class CallTests
{
    [TestCase("PREDICT(shop.churn, a)", "shop.churn", null, null, false)]
    [TestCase("PREDICT(MODEL churn, a)", "churn", null, null, true)]
    [TestCase("PREDICT(churn VERSION 3, a)", "churn", "3", null, false)]
    [TestCase("PREDICT(MODEL churn@champion, a)", "churn", null, "champion", true)]
    [TestCase("PREDICT(model, a)", "model", null, null, false)]
    [TestCase("PREDICT(MODEL model, a)", "model", null, null, true)]
    [TestCase("PREDICT(\"odd \"\" name\".x, a)", "odd \" name.x", null, null, false)]
    [TestCase("PREDICT(`shop.churn`, a)", "shop.churn", null, null, false)]
    [TestCase("ML_PREDICT(churn$3, a)", "churn", "3", null, false)]
    [TestCase("churn!predict(a)", "churn", null, null, true)]
    [TestCase("shop.churn!PREDICT(a)", "shop.churn", null, null, true)]
    [TestCase("MODEL(churn, v3)!predict(a)", "churn", "v3", null, true)]
    [TestCase("PREDICTION(churn USING a)", "churn", null, null, false)]
    public void A_scalar_call_names_its_model(string call, string model, string? version, string? alias, bool saysModel)
    {
        ScalarPredict predict = Parsing.Only<ScalarPredict>($"SELECT {call} FROM t");

        Assert.That(predict.Model.Model.Text, Is.EqualTo(model));
        Assert.That(predict.Model.Version?.Text, Is.EqualTo(version));
        Assert.That(predict.Model.Alias?.Text, Is.EqualTo(alias));
        Assert.That(predict.SaysModel, Is.EqualTo(saysModel));
        Assert.That(predict.Arguments!.Value.Single().Column!.Text, Is.EqualTo("a"));
    }

    [Test]
    public void Using_star_has_no_arguments()
    {
        ScalarPredict predict = Parsing.Only<ScalarPredict>("SELECT PREDICT(m USING *) FROM t");

        Assert.That(predict.Arguments, Is.Null);
        Assert.That(predict.ByUsing, Is.True);
    }

    [TestCase("PREDICTION_PROBABILITY(m, 'yes' USING a, b)", "yes", 2)]
    [TestCase("PREDICTION_PROBABILITY(m, -1, a)", "-1", 1)]
    [TestCase("PREDICTION_PROBABILITY(m USING a, b)", null, 2)]
    [TestCase("PREDICTION_PROBABILITY(m, a, b)", null, 2)]
    public void Prediction_probability_takes_a_class(string call, string? classOf, int arguments)
    {
        ScalarPredict predict = Parsing.Only<ScalarPredict>($"SELECT {call} FROM t");

        Assert.That(predict.Form, Is.EqualTo(PredictForm.Probability));
        Assert.That(predict.Class?.Text, Is.EqualTo(classOf));
        Assert.That(predict.Arguments!.Value, Has.Length.EqualTo(arguments));
    }

    [Test]
    public void Arguments_have_names_where_they_are_columns_or_say_so()
    {
        ScalarPredict predict = Parsing.Only<ScalarPredict>("SELECT PREDICT(m, a, t.b, c + 1, c + 1 AS d, e => f(x), NULL, 'x' WITH (threshold = 0.4)) FROM t");

        Assert.That(predict.Arguments!.Value.Select(argument => argument.Column?.Text), Is.EqualTo(new[] { "a", "t.b", null, "d", "e", null, null }));
        Assert.That(predict.Options.Single().Key, Is.EqualTo("threshold"));
        Assert.That(predict.Options.Single().Items.Single(), Is.EqualTo(new Literal(predict.Options[0].ValueSpan, LiteralKind.Number, "0.4")));
    }

    [TestCase("ML.PREDICT(MODEL m, TABLE t)", "PREDICT", "t")]
    [TestCase("ML.PREDICT(MODEL m, (SELECT a FROM t))", "PREDICT", "SELECT a FROM t")]
    [TestCase("ml.evaluate(MODEL m, TABLE s.t)", "EVALUATE", "s.t")]
    [TestCase("ML.WEIGHTS(MODEL m)", "WEIGHTS", null)]
    [TestCase("ML.SOMETHING_ELSE(MODEL m)", "SOMETHING_ELSE", null)]
    [TestCase("ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(a, b))", "PREDICT", "t")]
    [TestCase("PREDICT(MODEL m, SELECT a FROM t)", "PREDICT", "SELECT a FROM t")]
    [TestCase("PREDICT(MODEL = m, DATA = t AS d) WITH (score FLOAT)", "PREDICT", "t")]
    [TestCase("PREDICT(MODEL = 'm', DATA = t AS d, RUNTIME = ONNX)", "PREDICT", "t")]
    public void A_table_call_lowers_to_one_record(string call, string function, string? rows)
    {
        string text = $"SELECT * FROM {call} AS p";

        TableCall parsed = Parsing.Only<TableCall>(text);

        Assert.That(parsed.Function, Is.EqualTo(function));
        Assert.That(parsed.Model!.Model.Text, Is.EqualTo("m"));
        Assert.That(parsed.Source?.Span.Of(text), Is.EqualTo(rows));
    }

    [Test]
    public void Struct_and_named_arguments_are_options()
    {
        TableCall call = Parsing.Only<TableCall>("SELECT * FROM ML.PREDICT(MODEL m, TABLE t, STRUCT(0.4 AS Threshold, ['a', 'b'] AS classes, f(x) AS other), top => 3)");

        Assert.That(call.Options.Select(option => option.Key), Is.EqualTo(new[] { "threshold", "classes", "other", "top" }));
        Assert.That(call.Options.Select(option => option.IsList), Is.EqualTo(new[] { false, true, false, false }));
        Assert.That(call.Options.Select(option => option.Complex), Is.EqualTo(new[] { false, false, true, false }));
        Assert.That(call.Options[1].Items.Select(item => item.Text), Is.EqualTo(new[] { "a", "b" }));
    }

    [TestCase("[0.1, 0.5]", true)]
    [TestCase("GENERATE_ARRAY(0.2, 0.8, 0.2)", false)]
    public void The_thresholds_of_a_roc_curve_stand_in_their_place(string thresholds, bool isList)
    {
        Option option = Parsing.Only<TableCall>($"SELECT * FROM ML.ROC_CURVE(MODEL m, TABLE t, {thresholds})").Options.Single();

        Assert.That((option.Key, option.IsList, option.Complex), Is.EqualTo(("thresholds", isList, !isList)));
    }

    [Test]
    public void Declared_columns_and_descriptors_are_kept()
    {
        TableCall tsql = Parsing.Only<TableCall>("SELECT * FROM PREDICT(MODEL = m, DATA = t AS d) WITH (score FLOAT, label VARCHAR(3)) AS p");
        TableCall flink = Parsing.Only<TableCall>("SELECT * FROM ML_EVALUATE(TABLE t, MODEL m, DESCRIPTOR(y), DESCRIPTOR(a, b))");

        Assert.That(tsql.DeclaredColumns!.Value.Select(column => column.Text), Is.EqualTo(new[] { "score", "label" }));
        Assert.That(flink.Descriptor!.Value.Select(column => column.Text), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(flink.Options.Single().Items.Single().Text, Is.EqualTo("y"));
    }

    [TestCase("SELECT ML.STANDARD_SCALER(a) OVER () FROM t", "ML.STANDARD_SCALER")]
    [TestCase("SELECT * FROM AI.FORECAST(TABLE t, horizon => 3)", "AI.FORECAST")]
    [TestCase("SELECT PREDICTION_DETAILS(m USING *) FROM t", "PREDICTION_DETAILS")]
    [TestCase("SELECT m!explain(a), m!predict(a) FROM t", "model!explain")]
    [TestCase("WITH v AS MODEL churn VERSION 3 SELECT v!predict(a) FROM t", "WITH name AS MODEL")]
    public void A_form_that_is_not_carried_out_says_its_name(string text, string what) =>
        Assert.That(Parsing.Only<NotCarriedOut>(text).What, Is.EqualTo(what));

    [Test]
    public void Stream_is_reserved_in_its_position_only()
    {
        Assert.That(Parsing.Only<NotCarriedOut>("SELECT PREDICT(m, a) FROM STREAM events").What, Is.EqualTo("STREAM"));
        Assert.That(Parsing.AllParts(Parsing.Parsed<QueryStatement>("SELECT PREDICT(m, stream) FROM stream WHERE stream.a > 1").Text).OfType<NotCarriedOut>(), Is.Empty);
    }
}
