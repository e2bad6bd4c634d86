using System.Globalization;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Models.Trees;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds each kind of statement; one arm a record.</summary>
internal sealed class StatementBinder(BindContext context)
{
    private readonly SqlBinder _sql = new(context);

    /// <summary>Binds the statement; reports what is wrong and gives null.</summary>
    public BoundStatement? Bind(Statement statement) => statement switch
    {
        EngineStatement s => new BoundQuery(BoundSql.Of(context.TextOf(s.Span)), Plain: true),
        QueryStatement s => new BoundQuery(_sql.Bind(s.Text, _sql.Outermost), Plain: false),
        TrainStatement s => Train(s),
        RefreshStatement s => Refresh(s),
        PredictStatement s => Predict(s),
        EvaluateStatement s => Evaluate(s),
        ExplainStatement { Stage: ExplainStage.Cost } s => NotYet(new NotCarriedOutStatement(s.Span, "EXPLAIN COST")),
        ExplainStatement s => new BoundExplain(s.Stage, s.Statement, s.Stage == ExplainStage.Syntax ? null : Bind(s.Statement)),
        DropModelStatement s => Drop(s),
        AlterModelStatement s => Alter(s),
        ShowModelsStatement s => new BoundListing(ListingKind.Models, BoundSql.Of(
            "SELECT name, default_version, versions, estimator, label, comment, created_at FROM mlsql.models"
            + (s.Like is { } like ? $" WHERE name LIKE {SqlQuote.Text(like.Text)}" : "") + " ORDER BY name")),
        ShowVersionsStatement s => Model(s.Model) is { } model
            ? new BoundListing(ListingKind.Versions, BoundSql.Of(
                "SELECT version, is_default, aliases, estimator, train_rows, content_hash, created_at FROM mlsql.versions WHERE model = "
                + SqlQuote.Text(model.Name) + " ORDER BY version"))
            : null,
        ShowCreateModelStatement s => ShowCreate(s),
        DescribeModelStatement s => context.Resolve(s.Model) is { } version
            ? new BoundListing(ListingKind.Describe, new BoundSql([new BoundText("SELECT * FROM "), ModelListings.Describe(version)]))
            : null,
        ExplainModelStatement s => ExplainModel(s),
        ExplainPredictionsStatement s => ExplainPredictions(s),
        ImportStatement s => Import(s),
        ExportStatement s => Export(s),
        NotCarriedOutStatement s => NotYet(s),
        _ => throw new System.Diagnostics.UnreachableException(statement.GetType().Name),
    };

    private BoundStatement? Train(TrainStatement train) =>
        MayMake(train.Model, train.Mode, "trained", out var instead) ? new TrainBinder(context, _sql).Bind(train) : instead;

    private BoundStatement? Import(ImportStatement import) =>
        MayMake(import.Model, import.Mode, "imported", out var instead) ? new ImportBinder(context).Bind(import) : instead;

    // CREATE MODEL does not touch a model that exists.
    private bool MayMake(Name name, TrainMode mode, string done, out BoundNothing? instead)
    {
        instead = null;
        if (context.Catalog.FindModel(name.Text) is not { } existing || mode is TrainMode.Train or TrainMode.CreateOrReplace) return true;
        if (mode == TrainMode.CreateIfNotExists) instead = new BoundNothing($"Model {existing.Name} exists already; nothing was {done}");
        else context.Report(BindErrors.ModelExists(name.Span, existing.Name));
        return false;
    }

    private BoundExport? Export(ExportStatement export)
    {
        if (context.Resolve(export.Model) is not { } model) return null;
        string format = export.Format?.Text.ToLowerInvariant() ?? "onnx";
        var path = export.Path;
        var trees = TreePrecision.Single;
        foreach (var option in export.Options)
        {
            if (option is { Key: "uri", Items: [{ Kind: LiteralKind.Text } uri] } && path is null) path = uri;
            else if (option.Key == "precision") trees = Precision(option, model);
            else context.Report(BindErrors.UnknownOption(option.KeySpan, option.Key, ["uri", "precision"]));
        }
        if (path is null) context.Report(BindErrors.NoExportPath(export.Span));
        else if (path.Text.Contains("://", StringComparison.Ordinal)) context.Report(BindErrors.RemotePath(path.Span, path.Text));
        if (format != "onnx") context.Report(BindErrors.NotCarriedOut(export.Format!.Span, $"EXPORT MODEL … FORMAT {format}"));
        return context.HasErrors ? null : new BoundExport(model, path!.Text, format, context.Catalog.FeatureStatistics(model.Name, model.Version), trees);
    }

    // Trees have the choice; a linear model is always written in double, an imported graph as it came.
    private TreePrecision Precision(Option option, ModelVersion model)
    {
        string? word = option is { Complex: false, IsList: false, Items: [{ Kind: LiteralKind.Text } item] } ? item.Text.ToLowerInvariant() : null;
        if (word is not ("single" or "double")) context.Report(BindErrors.OptionValue(option.ValueSpan, option.Key, "one of single, double", context.TextOf(option.ValueSpan)));
        else if (model.Model.Structure is GraphStructure || (model.Model.Structure is LinearStructure && word == "single")) context.Report(BindErrors.PrecisionWithoutTrees(option.Span, word, model.Name));
        return word == "double" ? TreePrecision.Double : TreePrecision.Single;
    }

    // The stored statement is a text of its own; what is wrong with it is said at the name here.
    private BoundStatement? Refresh(RefreshStatement refresh)
    {
        if (Model(refresh.Model) is not { } model) return null;
        if (model.Statement is null)
        {
            context.Report(BindErrors.NoStatement(refresh.Model.Span, model.Name));
            return null;
        }
        var parsed = Parser.ParseScript(model.Statement).Single();
        var inner = new BindContext(parsed.Source, context.Catalog);
        BoundStatement? bound = parsed.Statement switch
        {
            TrainStatement train => new TrainBinder(inner, new SqlBinder(inner)).Bind(train),
            ImportStatement import => new ImportBinder(inner).Bind(import),
            _ => null,
        };
        foreach (var diagnostic in parsed.Diagnostics.Concat(inner.Diagnostics))
            context.Report(diagnostic with { At = refresh.Model.Span, Message = $"{diagnostic.Message} (in the statement that made {model.Name})" });
        // An ALTER may have renamed the model since.
        return bound switch
        {
            BoundTrain train => train with { Name = model.Name },
            BoundImport import => import with { Name = model.Name },
            BoundBoosterImport import => import with { Name = model.Name },
            _ => null,
        };
    }

    private BoundQuery? Predict(PredictStatement predict)
    {
        if (context.Resolve(predict.Model) is not { } model) return null;
        var options = PredictOptions.Bind(context, predict.Options, table: true);
        if (_sql.Tables.Predict(model, predict.Source, options, predict.Span, _sql.Outermost) is not { } table) return null;
        return new BoundQuery(new BoundSql([new BoundText(Start(predict.Into)), table]), Plain: false);
    }

    private BoundQuery? Evaluate(EvaluateStatement evaluate)
    {
        if (context.Resolve(evaluate.Model) is not { } model) return null;
        var options = PredictOptions.Bind(context, evaluate.Options, table: true);
        if (evaluate is { Source: null, By: [var by, ..] }) context.Report(BindErrors.RowsNeeded(by.Span, "BY"));
        BoundPart? rows = evaluate.Source is { } source
            ? _sql.Tables.Evaluate(model, source, evaluate.By, options, evaluate.Span, _sql.Outermost)
            : _sql.Tables.StoredEvaluation(model, evaluate.Options, evaluate.Model.Span);
        if (rows is null) return null;
        return new BoundQuery(new BoundSql([new BoundText(Start(evaluate.Into)), rows]), Plain: false);
    }

    private BoundListing? ExplainModel(ExplainModelStatement explain)
    {
        if (context.Resolve(explain.Model) is not { } model || _sql.Tables.Explanations.Importance(model, explain, _sql.Outermost) is not { } rows) return null;
        return new BoundListing(ListingKind.Explain, new BoundSql([new BoundText("SELECT * FROM "), rows]));
    }

    private BoundQuery? ExplainPredictions(ExplainPredictionsStatement explain)
    {
        if (context.Resolve(explain.Model) is not { } model || _sql.Tables.Explanations.Predictions(model, explain.Source, explain.Options, explain.Span, _sql.Outermost) is not { } table) return null;
        return new BoundQuery(new BoundSql([new BoundText(Start(explain.Into)), table]), Plain: false);
    }

    private string Start(Name? into) => into is null ? "SELECT * FROM " : $"CREATE TABLE {context.TextOf(into.Span)} AS SELECT * FROM ";

    private BoundStatement? Drop(DropModelStatement drop)
    {
        string name = drop.Model.Text;
        if (context.Catalog.FindModel(name) is { } model) return new BoundDropModel(model.Name);
        if (drop.IfExists) return new BoundNothing($"There is no model {name}; nothing was dropped");
        context.Report(BindErrors.UnknownModel(drop.Model.Span, name, context.Catalog.ModelNames));
        return null;
    }

    private BoundStatement? Alter(AlterModelStatement alter)
    {
        string name = alter.Model.Text;
        if (context.Catalog.FindModel(name) is not { } model)
        {
            if (alter.IfExists) return new BoundNothing($"There is no model {name}; nothing was changed");
            context.Report(BindErrors.UnknownModel(alter.Model.Span, name, context.Catalog.ModelNames));
            return null;
        }
        BoundAlteration? action = alter.Action switch
        {
            RenameAction a => Rename(a, model),
            SetAliasAction a => Version(a.Version, model) is { } v ? new BoundSetAlias(a.Alias.Last, v) : null,
            UnsetAliasAction a => UnsetAlias(a, model),
            SetDefaultAction a => Version(a.Version, model) is { } v ? new BoundSetDefault(v) : null,
            RollbackAction { To: null } => new BoundRollback(),
            RollbackAction { To: { } to } => Version(to, model) is { } v ? new BoundSetDefault(v) : null,
            DropVersionAction a => Version(a.Version, model) is { } v ? new BoundDropVersion(v) : null,
            CommentAction a => new BoundComment(a.Comment.Text),
            _ => throw new System.Diagnostics.UnreachableException(alter.Action.GetType().Name),
        };
        return action is null ? null : new BoundAlter(model.Name, action);
    }

    private BoundRename? Rename(RenameAction rename, StoredModelInfo model)
    {
        if (context.Catalog.FindModel(rename.To.Text) is { } other && other.Name != model.Name)
        {
            context.Report(BindErrors.NameTaken(rename.To.Span, other.Name));
            return null;
        }
        return new BoundRename(rename.To.Text);
    }

    private BoundUnsetAlias? UnsetAlias(UnsetAliasAction action, StoredModelInfo model)
    {
        var alias = model.Aliases.Keys.FirstOrDefault(a => string.Equals(a, action.Alias.Last, StringComparison.OrdinalIgnoreCase));
        if (alias is not null) return new BoundUnsetAlias(alias);
        context.Report(BindErrors.UnknownAlias(action.Alias.Span, model.Name, action.Alias.Last, model.Aliases.Keys));
        return null;
    }

    // A number, or an alias that stands for one.
    private int? Version(Literal literal, StoredModelInfo model)
    {
        if (BindContext.VersionNumber(literal.Text) is { } number)
        {
            if (model.Versions.Contains(number)) return number;
        }
        else if (model.Aliases.FirstOrDefault(a => string.Equals(a.Key, literal.Text, StringComparison.OrdinalIgnoreCase)) is { Key: not null } alias)
        {
            return alias.Value;
        }
        context.Report(BindErrors.UnknownVersion(literal.Span, model.Name, literal.Text, model.Versions));
        return null;
    }

    private BoundListing? ShowCreate(ShowCreateModelStatement show)
    {
        if (context.Resolve(show.Model) is not { } version) return null;
        return new BoundListing(ListingKind.CreateModel, BoundSql.Of(string.Create(CultureInfo.InvariantCulture,
            $"SELECT statement AS create_statement FROM mlsql.versions WHERE model = {SqlQuote.Text(version.Name)} AND version = {version.Version}")));
    }

    private StoredModelInfo? Model(Name name)
    {
        var model = context.Catalog.FindModel(name.Text);
        if (model is null) context.Report(BindErrors.UnknownModel(name.Span, name.Text, context.Catalog.ModelNames));
        return model;
    }

    private BoundStatement? NotYet(NotCarriedOutStatement statement)
    {
        context.Report(BindErrors.NotCarriedOut(statement.Span, statement.What));
        return null;
    }
}
