using System.Collections.Immutable;
using System.Globalization;
using MlSql.Models;
using MlSql.Models.Boosters;
using MlSql.Models.Estimators;
using MlSql.Models.Featurizers;
using MlSql.Models.Store;
using MlSql.Models.Trees;
using MlSql.Planning.Plans;

namespace MlSql;

/// <summary>Carries out IMPORT MODEL of a LightGBM or XGBoost file.</summary>
internal static class BoosterImport
{
    /// <summary>The model and what is kept about it.</summary>
    public static (Model Model, VersionDetails Details) Run(BoundBoosterImport import)
    {
        BoosterModel file = import.File.Model;
        Model model = new(
            new ModelSignature([.. import.Features.Select(name => new Feature(name, new NumberFeature()))], import.Column, ModelTask.Booster, ClassesOf(file.Structure)),
            [.. Enumerable.Range(0, import.Features.Length).Select(feature => FeaturizerOf(file.Structure, feature))],
            file.Structure);
        return (model, new VersionDetails
        {
            Estimator = file.Tool,
            Options = new OptionValues(Facts(import)),
            Statement = import.Statement,
            Label = import.Column,
            LabelType = BoosterTypes.Prediction(model).ToString(),
            MlSqlVersion = Versions.MlSql,
            Comment = import.Comment,
        });
    }

    // A missing value adds nothing to a linear model, as its mean would.
    private static Featurizer FeaturizerOf(ModelStructure structure, int feature) =>
        structure is LinearStructure ? new NumericFeaturizer(feature, [], 0, 1) : new RawFeaturizer(feature, [], 1);

    // Probabilities are of the classes 0 … k−1.
    private static ClassLabels? ClassesOf(ModelStructure structure)
    {
        int count = structure switch
        {
            TreeStructure trees => trees.Classes,
            LinearStructure { Link: Link.Logistic } => 2,
            _ => 0,
        };
        return count == 0 ? null : new(ClassKind.Integer, [.. Enumerable.Range(0, count).Select(c => c.ToString(CultureInfo.InvariantCulture))]);
    }

    private static ImmutableSortedDictionary<string, string> Facts(BoundBoosterImport import)
    {
        var facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        facts["path"] = import.Path;
        facts["file_sha256"] = import.File.Sha256;
        facts["objective"] = import.File.Model.Objective;
        if (import.File.Model.Structure is TreeStructure trees) facts["trees"] = trees.Trees.Length.ToString(CultureInfo.InvariantCulture);
        return facts.ToImmutable();
    }
}
