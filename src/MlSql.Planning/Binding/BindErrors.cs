using System.Globalization;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Models;

namespace MlSql.Planning.Binding;

/// <summary>The ledger of binding diagnostics, MLS2xxx. Numbers are never reused.</summary>
internal static class BindErrors
{
    public static Diagnostic UnknownModel(Span at, string name, IEnumerable<string> names) =>
        new("MLS2001", at, $"Model not found: {name}", Hint.DidYouMean(name, names) ?? "SHOW MODELS lists what there is");

    public static Diagnostic UnknownVersion(Span at, string model, string version, IEnumerable<int> versions) =>
        new("MLS2002", at, $"Model {model} has no such version: {version}", $"it has {Some(versions.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)))}");

    public static Diagnostic UnknownColumn(Span at, string name, IEnumerable<string> near) =>
        new("MLS2003", at, $"Column not found in this query: {name}", Hint.DidYouMean(name, near) ?? $"its columns are {Some(near)}");

    public static Diagnostic UnknownAlias(Span at, string model, string alias, IEnumerable<string> aliases) =>
        new("MLS2004", at, $"Model {model} has no such alias: {alias}", Hint.DidYouMean(alias, aliases) ?? (aliases.Any() ? $"it has {Some(aliases)}" : "ALTER MODEL … SET ALIAS makes one"));

    public static Diagnostic Damaged(Span at, ModelLookup.Damaged damaged) => new(damaged.Code, at, damaged.Message, damaged.Hint);

    public static Diagnostic ModelOrColumn(Span at, string name) =>
        new("MLS2005", at, $"Both a column and a model may be meant: {name}", $"write PREDICT(MODEL {name}, …) for the model");

    public static Diagnostic AmbiguousColumn(Span at, string name) =>
        new("MLS2006", at, $"Column name is ambiguous in this query: {name}", "give one of them another name with AS");

    public static Diagnostic ArgumentCount(Span at, string model, int expected, int given, IEnumerable<string> features) =>
        new("MLS2007", at, $"Model {model} takes {expected} features, but {given} were given", $"its features are {Some(features)}; USING * takes them by name");

    public static Diagnostic ArgumentOrder(Span at, string column, string feature, int position) =>
        new("MLS2008", at, $"Argument {position} is by position {feature}, which the names of the columns contradict: {column}", "name every argument (PREDICT(m USING a, b)) or keep the order of DESCRIBE MODEL");

    public static Diagnostic MissingFeature(Span at, string model, string feature, IEnumerable<string> near) =>
        new("MLS2009", at, $"Model {model} needs a column that is not there: {feature}", Hint.DidYouMean(feature, near) ?? $"select it, or give it with AS {feature}");

    public static Diagnostic FeatureType(Span at, Feature feature, DataType given) =>
        new("MLS2107", at, $"Feature {feature.Name} expects {Kinds.Of(feature.Type)}, but the column is {given}", Kinds.CastHint(feature));

    public static Diagnostic NotAClass(Span at, string model, string value, IEnumerable<string> classes) =>
        new("MLS2010", at, $"Model {model} has no such class: {value}", $"its classes are {Some(classes)}");

    public static Diagnostic NotAClassifier(Span at, string model, string function) =>
        new("MLS2011", at, $"{function} needs a classifier, and model {model} predicts a number", "use PREDICT");

    public static Diagnostic UnknownOption(Span at, string key, IEnumerable<string> near) =>
        new("MLS2012", at, $"Unknown option: {key}", Hint.DidYouMean(key, near) ?? $"known are {Some(near)}");

    public static Diagnostic OptionValue(Span at, string key, string wanted, string found, string? hint = null) =>
        new("MLS2013", at, $"Option {key} takes {wanted}, but found: {found}", hint);

    public static Diagnostic OptionTwice(Span at, string key, string other) =>
        new("MLS2014", at, $"Said twice: {key} and {other}", "keep one of them");

    public static Diagnostic UnknownEstimator(Span at, string name, IEnumerable<string> names) =>
        new("MLS2015", at, $"Unknown estimator: {name}", Hint.DidYouMean(name, names) ?? $"known are {Some(names)}");

    public static Diagnostic NoEstimator(Span at) =>
        new("MLS2016", at, "It is not said what to train", "write USING linear_regression or USING logistic_regression, or OPTIONS (model_type = …)");

    public static Diagnostic NoLabel(Span at, IEnumerable<string> columns) =>
        new("MLS2017", at, "There is no label: no LABEL clause, and no column of the query is called label", $"write LABEL and one of {Some(columns)}");

    public static Diagnostic NoFeatures(Span at) =>
        new("MLS2018", at, "No column is left to learn from", "select more than the label");

    public static Diagnostic FeatureUnsupported(Span at, string column, DataType type) =>
        new("MLS2019", at, $"This column cannot be a feature: {column} {type}", "leave it out with FEATURES (* EXCEPT (…)), or turn it into numbers or text in the query");

    public static Diagnostic LabelUnsupported(Span at, string column, DataType type, string estimator) =>
        new("MLS2020", at, $"{estimator} cannot predict a {type} column: {column}", "CAST it in the query");

    public static Diagnostic ModelExists(Span at, string name) =>
        new("MLS2021", at, $"A model of this name exists: {name}", $"TRAIN {name} … or CREATE OR REPLACE MODEL add a version");

    public static Diagnostic QueryFailed(Span at, string error) =>
        new("MLS2022", at, error);

    public static Diagnostic LabelIsFeature(Span at, string name) =>
        new("MLS2023", at, $"The label cannot be a feature too: {name}", "leave it out of FEATURES");

    public static Diagnostic NotCarriedOut(Span at, string what) =>
        new("MLS2100", at, $"MlSql reads this but does not carry it out yet: {what}", "the language reference lists what is carried out");

    public static Diagnostic SplitFraction(Span at, string found) =>
        new("MLS2024", at, $"A part of the split is a fraction above 0 and below 1, both together below 1, but found: {found}");

    public static Diagnostic NoStatement(Span at, string name) =>
        new("MLS2025", at, $"Model {name} was not made by TRAIN, so there is no statement to refresh it with");

    public static Diagnostic NoLabelColumn(Span at, string statement, string label, IEnumerable<string> near) =>
        new("MLS2026", at, $"{statement} needs the label, and the rows have no such column: {label}", Hint.DidYouMean(label, near) ?? "name it with WITH (label = column)");

    public static Diagnostic NoStoredMetrics(Span at, string model) =>
        new("MLS2027", at, $"No metrics were kept with model {model}", "give rows: EVALUATE m ON table");

    public static Diagnostic NameTaken(Span at, string name) =>
        new("MLS2028", at, $"A model of this name exists: {name}", "choose another name, or DROP MODEL it first");

    // MLS2029 retired: no statement refuses a table function for where it stands.

    public static Diagnostic OutputRenamed(Span at, string column, string renamed, bool imported) =>
        new("MLS2030", at, $"The rows have a column {column} already; the prediction is called {renamed}", imported ? "IMPORT MODEL … OUTPUT (tensor AS name) gives it another name" : null, Severity.Warning);

    public static Diagnostic ClassWeight(Span at, string value) =>
        new("MLS2031", at, $"A class weighs a number above 0, but found: {value}");

    public static Diagnostic RowsNeeded(Span at, string what) =>
        new("MLS2032", at, $"Without rows EVALUATE shows the metrics that were kept at training, to which this cannot apply: {what}", "give rows: EVALUATE m ON table");

    public static Diagnostic UnknownTensor(Span at, string what, string name, IEnumerable<string> names) =>
        new("MLS2033", at, $"The graph has no such {what}: {name}", Hint.DidYouMean(name, names) ?? $"it has {Some(names)}");

    public static Diagnostic TensorTwice(Span at, string name) =>
        new("MLS2034", at, $"Said twice: {name}", "keep one of them");

    public static Diagnostic TensorUnfeedable(Span at, string name, string why) =>
        new("MLS2035", at, $"Columns cannot feed the graph's input {name}: {why}");

    public static Diagnostic TensorWidth(Span at, string name, long width, int given) =>
        new("MLS2036", at, $"The graph's input {name} takes {width} columns, but {given} are named", "name one column an element, or one column that holds a list");

    public static Diagnostic TensorWidthUnknown(Span at, string name) =>
        new("MLS2037", at, $"The file does not say how many columns the graph's input {name} takes", $"name them: INPUT ({SqlQuote.Identifier(name)} FROM (a, b, …))");

    public static Diagnostic TensorType(Span at, string name, string element, string found) =>
        new("MLS2038", at, $"The graph's {name} is a tensor of {element}, not {found}", "leave the type out, or write that of the graph");

    public static Diagnostic FeatureOfTwoTypes(Span at, string name) =>
        new("MLS2039", at, $"The column {name} would feed tensors of different types", "INPUT (tensor FROM column) names another column for one of them");

    public static Diagnostic OutputTwice(Span at, string column) =>
        new("MLS2040", at, $"Two outputs would get the column {column}", "OUTPUT (tensor AS column) gives one of them another name");

    public static Diagnostic BatchSizes(Span at, long one, long other) =>
        new("MLS2041", at, $"The graph's inputs fix different numbers of rows: {one} and {other}", "such a graph cannot be fed row by row");

    public static Diagnostic NoExportPath(Span at) =>
        new("MLS2042", at, "It is not said to which file to export", "write EXPORT MODEL m TO 'file.onnx'");

    public static Diagnostic RemotePath(Span at, string path) =>
        new("MLS2043", at, $"Models are read from and written to files of this machine only, but found: {path}", "write a path, and copy the file with the tools of its store");

    public static Diagnostic NotMeasurable(Span at, string model) =>
        new("MLS2044", at, $"EVALUATE needs a model with classes or one number as its answer: {model}", "compute what you want to measure in SQL over PREDICT");

    public static Diagnostic NoWeights(Span at, string model) =>
        new("MLS2045", at, $"Only linear models have weights: {model}", "DESCRIBE MODEL shows what it is");

    public static Diagnostic NoThreshold(Span at, string model) =>
        new("MLS2046", at, $"An imported model answers by itself, so a threshold cannot apply: {model}", "compare PREDICTION_PROBABILITY(…) with it");

    public static Diagnostic ThresholdOfMany(Span at, string model, int classes) =>
        new("MLS2049", at, string.Create(CultureInfo.InvariantCulture, $"A threshold decides between two classes, and the model has {classes}: {model}"), "leave it out: the class of the largest probability is taken");

    public static Diagnostic PrecisionWithoutTrees(Span at, string precision, string model) =>
        new("MLS2064", at, $"The precision is a choice for trees, and the model cannot be written in {precision}: {model}", "leave it out: linear models are written in double, imported graphs as they came");

    public static Diagnostic EmptyBatch(Span at) =>
        new("MLS2047", at, "The graph takes no rows at once: the first dimension of its inputs is fixed at 0", "export the model with a free first dimension");

    public static Diagnostic TooWide(Span at, long limit) =>
        new("MLS2048", at, string.Create(CultureInfo.InvariantCulture, $"The graph's inputs take more than {limit:N0} elements for the fewest rows that it runs on"), "such a model is not for rows of a table");

    public static Diagnostic NoDetails(Span at, string model) =>
        new("MLS2053", at, $"Only imported LightGBM and XGBoost models have raw, contributions and leaves: {model}", "leave these options out");

    public static Diagnostic UnknownDetail(Span at, string model, string detail) =>
        new("MLS2050", at, $"Model {model} has no {detail}, so that column is NULL", "linear leaves and leaves of several values have no contributions, linear models no leaves", Severity.Warning);

    public static Diagnostic BoosterFeature(Span at, string name) =>
        new("MLS2051", at, $"A feature of this model is one number, and it is renamed by one column: {name}", $"write INPUT ({SqlQuote.Identifier(name)} FROM column)");

    public static Diagnostic UnknownFormat(Span at, string format, IEnumerable<string> formats) =>
        new("MLS2052", at, $"Models of this format are not imported: {format}", Hint.DidYouMean(format, formats) ?? $"there are {Some(formats)}");

    public static Diagnostic NoEarlyStopping(Span at, string estimator, IEnumerable<string> others) =>
        new("MLS2054", at, $"{estimator} does not stop early", $"leave EARLY STOPPING out; these have it: {Some(others)}");

    public static Diagnostic NoEvalRows(Span at) =>
        new("MLS2055", at, "EARLY STOPPING looks at rows that do not train, and this training holds none back", "write SPLIT RANDOM EVAL 0.1, or SPLIT BY a column that marks them");

    public static Diagnostic NoSuchFeature(Span at, string option, string name, IEnumerable<string> features) =>
        new("MLS2056", at, $"Option {option} names a column that is no feature of this training: {name}", Hint.DidYouMean(name, features) ?? $"the features are {Some(features)}");

    public static Diagnostic NoDirection(Span at, string option, string name, DataType type) =>
        new("MLS2057", at, $"Option {option} takes features that are one number each, and this one is {type}: {name}", "leave it out there, or make a number of it in the query");

    public static Diagnostic NoTraining(Span at, string model) =>
        new("MLS2058", at, $"Nothing is known of the training of a model that came from a file: {model}", "DESCRIBE MODEL shows what the file holds");

    public static Diagnostic NoSplits(Span at, string model) =>
        new("MLS2059", at, $"Only models of trees have splits to count: {model}", "EXPLAIN MODEL shows what matters to any model that we understand, ML.WEIGHTS the weights of a linear one");

    public static Diagnostic UnknownInside(Span at, string model) =>
        new("MLS2060", at, $"This graph does not say how much a feature matters: {model}", "EXPLAIN MODEL m ON rows measures it");

    public static Diagnostic NoAttributions(Span at, string model, string obstacle) =>
        new("MLS2061", at, $"Predictions cannot be taken apart by feature: {model} {obstacle}", "EXPLAIN MODEL m ON rows measures which features matter");

    public static Diagnostic NotExplainable(Span at, string model, string obstacle) =>
        new("MLS2062", at, $"What matters to this model cannot be measured: {model} {obstacle}", "it needs classes or one number as its answer, and rows that do not influence each other");

    public static Diagnostic MeasuredOnRows(Span at, string key) =>
        new("MLS2063", at, $"Without rows EXPLAIN MODEL shows the model's own structure, to which this cannot apply: {key}", "give rows: EXPLAIN MODEL m ON table");

    public static Diagnostic ModelFile(Span at, CodedException refused) => new(refused.Code, at, refused.Message, refused.Hint);

    // A message never prints thousands of names.
    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 0 ? "none" : string.Join(", ", all.Take(12)) + (all.Count > 12 ? $" and {all.Count - 12} more" : "");
    }
}
