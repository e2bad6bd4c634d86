using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.UnitTests.Language;

public sealed class StatementTests
{
    [Test]
    public void Train_takes_its_clauses_in_any_order()
    {
        const string Text = """
            TRAIN MODEL shop.churn SEED 7 LABEL churned FEATURES (* EXCEPT (id, "odd name")) SPLIT BY day < '2026-01-01' EVAL 0.2 TEST 0.1
              USING logistic_regression (L2_reg = 0.1, 'objective' => logistic, classes ['a', 'b'],) WEIGHT BY w * 2 WEIGHT CLASSES ('yes' => 2.5, -1 => 0.5)
              COMMENT 'it''s' AS SELECT * FROM customers -- all
            """;
        TrainStatement train = Parsing.Parsed<TrainStatement>(Text);

        Assert.Multiple(() =>
        {
            Assert.That(train.Mode, Is.EqualTo(TrainMode.Train));
            Assert.That(train.Model.Text, Is.EqualTo("shop.churn"));
            Assert.That(train.Estimator!.Text, Is.EqualTo("logistic_regression"));
            Assert.That(train.Options.Select(o => o.Key), Is.EqualTo(new[] { "l2_reg", "objective", "classes" }));
            Assert.That(train.Options[1].Items.Single().Bare, Is.True);
            Assert.That(train.Options[2].Items.Select(i => i.Text), Is.EqualTo(new[] { "a", "b" }));
            Assert.That(train.Label!.Text, Is.EqualTo("churned"));
            Assert.That(train.Features!.Star, Is.True);
            Assert.That(train.Features.Except.Select(n => n.Text), Is.EqualTo(new[] { "id", "odd name" }));
            Assert.That(train.WeightBy!.Span.Of(Text), Is.EqualTo("w * 2"));
            Assert.That(train.ClassWeights.Select(w => (w.Value.Text, w.Weight.Text)), Is.EqualTo(new[] { ("yes", "2.5"), ("-1", "0.5") }));
            Assert.That(train.Split!.Kind, Is.EqualTo(SplitKind.By));
            Assert.That(train.Split.By!.Span.Of(Text), Is.EqualTo("day < '2026-01-01'"));
            Assert.That((train.Split.Eval!.Text, train.Split.Test!.Text), Is.EqualTo(("0.2", "0.1")));
            Assert.That(train.Seed!.Text, Is.EqualTo("7"));
            Assert.That(train.Comment!.Text, Is.EqualTo("it's"));
            Assert.That(train.Query.Span.Of(Text), Is.EqualTo("SELECT * FROM customers"));
            Assert.That(train.Query.HasMl, Is.False);
            Assert.That(train.Unsupported, Is.Empty);
            Assert.That(train.ByModelType, Is.False);
        });
    }

    [TestCase("TRAIN m AS SELECT 1", TrainMode.Train)]
    [TestCase("CREATE MODEL m AS SELECT 1", TrainMode.Create)]
    [TestCase("CREATE OR REPLACE MODEL m AS SELECT 1", TrainMode.CreateOrReplace)]
    [TestCase("CREATE MODEL IF NOT EXISTS m AS (SELECT 1)", TrainMode.CreateIfNotExists)]
    public void The_verb_says_what_happens_to_a_model_that_exists(string text, TrainMode mode)
    {
        TrainStatement train = Parsing.Parsed<TrainStatement>(text);

        Assert.That(train.Mode, Is.EqualTo(mode));
        Assert.That(train.Query.Span.Of(text), Is.EqualTo("SELECT 1"));
    }

    [TestCase("TRAIN model AS SELECT 1", "model")]
    [TestCase("TRAIN MODEL model AS SELECT 1", "model")]
    [TestCase("TRAIN label LABEL label AS SELECT 1", "label")]
    [TestCase("TRAIN MODEL label LABEL y AS SELECT 1", "label")]
    [TestCase("TRAIN train USING using_it AS SELECT 1", "train")]
    [TestCase("TRAIN model.features FEATURES (features, label) AS SELECT 1", "model.features")]
    public void Words_of_ours_are_names_too(string text, string model) =>
        Assert.That(Parsing.Parsed<TrainStatement>(text).Model.Text, Is.EqualTo(model));

    [TestCase("WEIGHT BY weight * label SEED 1", "weight * label")]
    [TestCase("WEIGHT BY CASE WHEN a THEN 1 ELSE 2 END", "CASE WHEN a THEN 1 ELSE 2 END")]
    [TestCase("WEIGHT BY CAST(a AS DOUBLE) LABEL y", "CAST(a AS DOUBLE)")]
    [TestCase("WEIGHT BY seed", "seed")]
    [TestCase("WEIGHT BY t.label LABEL y", "t.label")]
    public void A_weight_goes_on_until_the_next_clause(string clauses, string weight)
    {
        string text = $"TRAIN m {clauses} AS SELECT 1";

        Assert.That(Parsing.Parsed<TrainStatement>(text).WeightBy!.Span.Of(text), Is.EqualTo(weight));
    }

    [Test]
    public void Model_type_says_that_the_defaults_are_those_of_BigQuery()
    {
        TrainStatement train = Parsing.Parsed<TrainStatement>("CREATE MODEL m OPTIONS (MODEL_TYPE = 'LINEAR_REG', input_label_cols = [\"y\"], `data` = STRUCT(1 AS a)) AS SELECT 1 AS y");

        Assert.That(train.ByModelType, Is.True);
        Assert.That(train.Options.Select(option => (option.Key, option.IsList, option.Complex)), Is.EqualTo(new[] { ("model_type", false, false), ("input_label_cols", true, false), ("data", false, true) }));
        Assert.That(train.Options[1].Items.Single().Text, Is.EqualTo("y"));
    }

    [TestCase("EARLY STOPPING", "EARLY STOPPING")]
    [TestCase("early stopping ()", "EARLY STOPPING")]
    [TestCase("EARLY STOPPING (Rounds 5, min_delta => 1e-3, metric = log_loss,)", "EARLY STOPPING (rounds = 5, min_delta = 1e-3, metric = log_loss)")]
    public void Early_stopping_prints_as_it_was_read(string clause, string printed)
    {
        string text = $"TRAIN m USING e LABEL early SEED 3 {clause} AS SELECT 1 AS stopping";
        TrainStatement train = Parsing.Parsed<TrainStatement>(text);
        Assert.That(CanonicalSql.Print(train, text).Split('\n')[^2], Is.EqualTo(printed));
    }

    [TestCase("(a => 1, \"b c\" => -1, d = 0,)", "a: 1; b c: -1; d: 0")]
    [TestCase("(a => 1 + 1)", "")]
    [TestCase("(a.b => 1)", "")]
    [TestCase("(1 => 1)", "")]
    [TestCase("[a => 1]", "")]
    [TestCase("STRUCT(1 AS a)", "")]
    public void A_value_of_names_and_constants_has_entries(string value, string entries)
    {
        Option option = Parsing.Parsed<TrainStatement>($"TRAIN m USING e (monotone = {value}) AS SELECT 1").Options.Single();
        Assert.That(option.Complex, Is.True);
        Assert.That(string.Join("; ", option.Entries.Select(entry => $"{entry.Key.Text}: {entry.Value.Text}")), Is.EqualTo(entries));
    }

    [TestCase("TRANSFORM (ML.STANDARD_SCALER(a) OVER () AS a)", "TRANSFORM")]
    [TestCase("BUDGET (time = INTERVAL 10 minutes)", "BUDGET")]
    [TestCase("SEARCH (a IN (1, 2), b BETWEEN 1 AND 2 LOG) TRIALS 3 OBJECTIVE roc_auc", "SEARCH")]
    [TestCase("PARTITION BY a, b", "PARTITION BY")]
    [TestCase("ORDER BY day", "ORDER BY")]
    [TestCase("HORIZON 28", "HORIZON")]
    [TestCase("WARM START FROM m@champion", "WARM START")]
    [TestCase("DEPLOY WHEN roc_auc > 0.8", "DEPLOY")]
    [TestCase("DEPLOY ALWAYS", "DEPLOY")]
    [TestCase("SPLIT KFOLD 5", "SPLIT KFOLD")]
    [TestCase("LABEL a, b", "LABEL with several columns")]
    public void A_clause_that_is_not_carried_out_says_its_name(string clause, string name)
    {
        TrainStatement train = Parsing.Parsed<TrainStatement>($"TRAIN m USING e {clause} SEED 3 AS SELECT 1");

        Assert.That(train.Unsupported.Single().Name, Is.EqualTo(name));
        Assert.That(train.Seed!.Text, Is.EqualTo("3"));
    }

    [Test]
    public void Predict_and_evaluate_take_tables_files_and_queries()
    {
        PredictStatement table = Parsing.Parsed<PredictStatement>("PREDICT churn@champion ON s.t WITH (threshold = 0.4) INTO scores");
        Assert.That(table.Model.Alias!.Text, Is.EqualTo("champion"));
        Assert.That(table.Source, Is.TypeOf<TableSource>());
        Assert.That(table.Options.Single().Key, Is.EqualTo("threshold"));
        Assert.That(table.Into!.Text, Is.EqualTo("scores"));

        const string Text = "EVALUATE MODEL churn VERSION 3 ON (SELECT PREDICT(other, a) AS x FROM t) BY region, day WITH (label = y)";
        EvaluateStatement query = Parsing.Parsed<EvaluateStatement>(Text);
        Assert.That(query.Model.Version!.Text, Is.EqualTo("3"));
        Assert.That(((QuerySource)query.Source!).Query.HasMl, Is.True);
        Assert.That(query.Source!.Span.Of(Text), Does.StartWith("SELECT").And.EndsWith("t"));
        Assert.That(query.By.Select(name => name.Text), Is.EqualTo(new[] { "region", "day" }));

        Assert.That(Parsing.Parsed<EvaluateStatement>("EVALUATE m").Source, Is.Null);
        Assert.That(Parsing.Parsed<PredictStatement>("PREDICT m ON 'd/*.parquet'").Source, Is.TypeOf<TableSource>());
        Assert.That(Parsing.Parsed<PredictStatement>("PREDICT model ON read_csv('a.csv', header = true)").Model.Model.Text, Is.EqualTo("model"));
    }

    [Test]
    public void Explanations_take_a_model_and_rows()
    {
        Assert.That(Parsing.Parsed<ExplainModelStatement>("EXPLAIN MODEL churn@champion").Source, Is.Null);
        ExplainModelStatement model = Parsing.Parsed<ExplainModelStatement>("EXPLAIN MODEL churn ON t WITH (label = y)");
        Assert.That(model.Source, Is.TypeOf<TableSource>());
        Assert.That(model.Options.Single().Key, Is.EqualTo("label"));

        ExplainPredictionsStatement rows = Parsing.Parsed<ExplainPredictionsStatement>("EXPLAIN PREDICTIONS OF MODEL churn VERSION 2 ON (SELECT * FROM t) WITH (top_k_features = 3) INTO e");
        Assert.That(rows.Model.Version!.Text, Is.EqualTo("2"));
        Assert.That(rows.Source, Is.TypeOf<QuerySource>());
        Assert.That(rows.Options.Single().Key, Is.EqualTo("top_k_features"));
        Assert.That(rows.Into!.Text, Is.EqualTo("e"));

        ExplainStatement stage = Parsing.Parsed<ExplainStatement>("EXPLAIN PROGRAM EXPLAIN MODEL churn ON t");
        Assert.That((stage.Stage, stage.Statement), Is.EqualTo((ExplainStage.Program, stage.Statement as ExplainModelStatement)));
    }

    [TestCase("EXPLAIN PREDICT m ON t", ExplainStage.Plan, typeof(PredictStatement))]
    [TestCase("EXPLAIN ANALYZE SELECT PREDICT(m, a) FROM t", ExplainStage.Analyze, typeof(QueryStatement))]
    [TestCase("EXPLAIN COST TRAIN m AS SELECT 1", ExplainStage.Cost, typeof(TrainStatement))]
    [TestCase("EXPLAIN SYNTAX SELECT 1", ExplainStage.Syntax, typeof(EngineStatement))]
    [TestCase("explain bound PREDICT m ON t", ExplainStage.Bound, typeof(PredictStatement))]
    [TestCase("EXPLAIN OPTIMIZED SELECT PREDICT(m, a) FROM t", ExplainStage.Optimized, typeof(QueryStatement))]
    [TestCase("EXPLAIN PROGRAM DROP MODEL m", ExplainStage.Program, typeof(DropModelStatement))]
    public void Explain_holds_the_statement_that_it_explains(string text, ExplainStage stage, Type inner)
    {
        ExplainStatement explain = Parsing.Parsed<ExplainStatement>(text);

        Assert.That(explain.Stage, Is.EqualTo(stage));
        Assert.That(explain.Statement, Is.TypeOf(inner));
        Assert.That(text, Does.EndWith(explain.Statement.Span.Of(text)));
    }

    [Test]
    public void Models_are_altered_shown_and_dropped()
    {
        Assert.Multiple(() =>
        {
            Assert.That(((RenameAction)Action("ALTER MODEL m RENAME TO n")).To.Text, Is.EqualTo("n"));
            Assert.That(((SetAliasAction)Action("ALTER MODEL m SET ALIAS champion = 4")).Version.Text, Is.EqualTo("4"));
            Assert.That(((SetAliasAction)Action("ALTER MODEL m VERSION v3 SET ALIAS = champion")).Alias.Text, Is.EqualTo("champion"));
            Assert.That(((UnsetAliasAction)Action("ALTER MODEL IF EXISTS m UNSET ALIAS champion")).Alias.Text, Is.EqualTo("champion"));
            Assert.That(((SetDefaultAction)Action("ALTER MODEL m SET DEFAULT VERSION 2")).Version.Text, Is.EqualTo("2"));
            Assert.That(((SetDefaultAction)Action("ALTER MODEL m SET DEFAULT_VERSION = 'v2'")).Version.Text, Is.EqualTo("v2"));
            Assert.That(((RollbackAction)Action("ALTER MODEL m ROLLBACK")).To, Is.Null);
            Assert.That(((RollbackAction)Action("ALTER MODEL m ROLLBACK TO VERSION 2")).To!.Text, Is.EqualTo("2"));
            Assert.That(((DropVersionAction)Action("ALTER MODEL m DROP VERSION 1")).Version.Text, Is.EqualTo("1"));
            Assert.That(((CommentAction)Action("ALTER MODEL m COMMENT 'x'")).Comment.Text, Is.EqualTo("x"));
            Assert.That(Parsing.Parsed<AlterModelStatement>("ALTER MODEL IF EXISTS m ROLLBACK").IfExists, Is.True);
            Assert.That(Parsing.Parsed<DropModelStatement>("DROP MODEL IF EXISTS a.m").IfExists, Is.True);
            Assert.That(Parsing.Parsed<ShowModelsStatement>("SHOW MODELS LIKE 'a%'").Like!.Text, Is.EqualTo("a%"));
            Assert.That(Parsing.Parsed<ShowVersionsStatement>("SHOW VERSIONS IN MODEL m").Model.Text, Is.EqualTo("m"));
            Assert.That(Parsing.Parsed<ShowCreateModelStatement>("SHOW CREATE MODEL m@a").Model.Alias!.Text, Is.EqualTo("a"));
            Assert.That(Parsing.Parsed<DescribeModelStatement>("DESC MODEL m VERSION 2").Model.Version!.Text, Is.EqualTo("2"));
            Assert.That(Parsing.Parsed<RefreshStatement>("REFRESH MODEL m").Model.Text, Is.EqualTo("m"));
        });

        static AlterAction Action(string text) => Parsing.Parsed<AlterModelStatement>(text).Action;
    }

    [TestCase("TUNE m USING e LABEL y SEARCH (a IN (1, 2)) AS SELECT 1", "TUNE MODEL")]
    [TestCase("GRANT EXECUTE ON MODEL m TO a", "GRANT ON MODEL")]
    [TestCase("SHOW TRAININGS", "SHOW TRAININGS")]
    [TestCase("CANCEL TRAINING 7", "CANCEL TRAINING")]
    [TestCase("CREATE STREAM s FROM 'data/in' OPTIONS (format = 'csv')", "CREATE STREAM")]
    [TestCase("START STREAM q OPTIONS (trigger = '1s') AS SELECT PREDICT(m, a) FROM STREAM s INTO sink", "START STREAM")]
    [TestCase("STOP STREAM q", "STOP STREAM")]
    [TestCase("SHOW STREAMS", "SHOW STREAMS")]
    [TestCase("CREATE STREAMING MODEL m USING online_logistic LABEL y EMIT VERSION EVERY INTERVAL 10 minutes AS SELECT 1", "CREATE STREAMING MODEL")]
    [TestCase("CREATE MODEL m OPTIONS (model_type = 'TENSORFLOW', model_path = 'x')", "CREATE MODEL without AS")]
    [TestCase("CREATE MODEL m OPTIONS (model_type = 'ONNX')", "CREATE MODEL without AS")]
    [TestCase("ALTER MODEL m SET OPTIONS (description = 'x')", "ALTER MODEL SET")]
    [TestCase("SELECT 1 TO MAXIMIZE sum(x) WITH a = 1 INTO t", "TO MAXIMIZE")]
    [TestCase("EXPLAIN (FORMAT json) SELECT PREDICT(m, a) FROM t", "EXPLAIN ( options )")]
    public void A_statement_that_is_not_carried_out_says_its_name(string text, string what) =>
        Assert.That(Parsing.Parsed<NotCarriedOutStatement>(text).What, Is.EqualTo(what));

    [TestCase("IMPORT MODEL m FROM 'm.onnx'")]
    [TestCase("IMPORT MODEL a.m FROM 'm.onnx'\nFORMAT onnx\nINPUT (a FLOAT)\nOUTPUT (p ARRAY<FLOAT>)\nCOMMENT 'it''s'")]
    [TestCase("IMPORT MODEL m FROM 'm.txt'\nINPUT (X FROM (f00, f01), \"a b\" FROM amount DOUBLE)\nOUTPUT (y AS p, \"größe; --\" AS \"a\"\"b\" FLOAT[3])")]
    public void An_import_prints_as_it_was_written(string text)
    {
        ImportStatement import = Parsing.Parsed<ImportStatement>(text);
        Assert.That(CanonicalSql.Print(import).Replace("\nFROM", " FROM", StringComparison.Ordinal), Is.EqualTo(text));
        Assert.That(import.Mode, Is.EqualTo(TrainMode.Train));
    }

    [Test]
    public void The_other_spelling_of_an_import_is_the_same_statement()
    {
        ImportStatement import = Parsing.Parsed<ImportStatement>("CREATE OR REPLACE MODEL m INPUT (f1 FLOAT64) OUTPUT (p FLOAT64) OPTIONS (model_path = 'a.onnx', MODEL_TYPE = 'onnx', labels = 3)");
        Assert.That(CanonicalSql.Print(import), Is.EqualTo("IMPORT MODEL m\nFROM 'a.onnx'\nINPUT (f1 FLOAT64)\nOUTPUT (p FLOAT64)"));
        Assert.That(import.Mode, Is.EqualTo(TrainMode.CreateOrReplace));
        Assert.That(import.Options.Select(o => o.Key), Is.EqualTo(new[] { "labels" }));
    }

    [Test]
    public void An_export_says_model_file_and_format()
    {
        ExportStatement export = Parsing.Parsed<ExportStatement>("EXPORT MODEL m VERSION 2 TO FILE 'm.onnx' FORMAT onnx WITH (a = 1)");
        Assert.That((export.Model.Version!.Text, export.Path!.Text, export.Format!.Text, export.Options.Single().Key), Is.EqualTo(("2", "m.onnx", "onnx", "a")));
    }

    [Test]
    public void SQLFlow_forms_lower_to_the_same_statements()
    {
        const string Text = "SELECT * FROM iris.train TO TRAIN DNNClassifier WITH model.n_classes = 3, model.units = [10, 10] COLUMN a, b LABEL class INTO m.dnn";
        TrainStatement train = Parsing.Parsed<TrainStatement>(Text);
        Assert.That(train.Model.Text, Is.EqualTo("m.dnn"));
        Assert.That(train.Query.Span.Of(Text), Is.EqualTo("SELECT * FROM iris.train"));
        Assert.That(train.Options.Select(o => o.Key), Is.EqualTo(new[] { "model.n_classes", "model.units" }));
        Assert.That(train.Features!.Columns.Select(c => c.Text), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(train.Label!.Text, Is.EqualTo("class"));

        PredictStatement predict = Parsing.Parsed<PredictStatement>("SELECT * FROM t LIMIT 10 TO PREDICT iris.out.class USING m.dnn");
        Assert.That((predict.Model.Model.Text, predict.Into!.Text), Is.EqualTo(("m.dnn", "iris.out")));

        EvaluateStatement evaluate = Parsing.Parsed<EvaluateStatement>("SELECT * FROM t TO EVALUATE m.dnn LABEL class INTO x.z");
        Assert.That(evaluate.Options.Single().Items.Single().Text, Is.EqualTo("class"));
    }

    [Test]
    public void A_query_of_a_training_may_predict()
    {
        TrainStatement train = Parsing.Parsed<TrainStatement>("TRAIN m LABEL y AS SELECT y, PREDICT(other, a) AS p FROM t");

        Assert.That(train.Query.HasMl, Is.True);
        Coverage.Check(train.Query);
    }
}
