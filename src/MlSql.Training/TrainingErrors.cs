using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Training;

/// <summary>Every error and warning of training and evaluation, MLS3001 to MLS3199. Numbers are never reused.</summary>
internal static class TrainingErrors
{
    private const int ShownLength = 60;

    public static CodedException FeatureType(string column, DataType type, string hint) =>
        new("MLS3001", $"A column of this type cannot be a feature: {column} {type}", hint);

    public static CodedException InfiniteFeature(string column) =>
        new("MLS3002", $"A feature holds an infinite value: {column}", $"leave such rows out (WHERE isfinite({column})) or write nullif over them; NULL counts as the mean");

    public static CodedException AllNull(string column) =>
        new("MLS3003", $"A feature is NULL in every training row: {column}", $"leave it out: FEATURES (* EXCEPT ({column}))");

    public static CodedException NoRows(long dropped) =>
        dropped == 0
            ? new("MLS3004", "The query gives no rows to train on", "look at its WHERE and its joins")
            : new("MLS3004", Text($"The query gives no rows to train on: all {dropped} rows have a NULL label"), "look at the label column");

    public static CodedException NoTrainRows(long rows) =>
        new("MLS3005", Text($"The split leaves no rows to train on, of {rows}"), "make the EVAL and TEST shares smaller, or mark rows as 'train'");

    public static CodedException OneClass(string label, string value) =>
        new("MLS3006", $"The label has one class only in the training rows: {label} = {Short(value)}", "a classifier needs rows of both classes");

    public static CodedException TooManyClasses(string label, string count, int most) => most == 2
        ? new("MLS3007", $"The label has {count} classes and this trainer tells two apart: {label}", $"train boosted_tree_classifier, or make two classes of them, for example {label} = 'a' AS {label}; for a number, train a regression")
        : new("MLS3007", Text($"The label has {count} classes, and {most:N0} can be told apart: {label}"), "group rare classes; for a number, train a regression");

    public static CodedException LabelType(string label, DataType type, string task, string hint) =>
        new("MLS3008", $"A column of this type cannot be the label of a {task}: {label} {type}", hint);

    public static CodedException InfiniteLabel(string label) =>
        new("MLS3009", $"The label holds an infinite value: {label}", $"leave such rows out: WHERE isfinite({label})");

    public static LimitException Memory(long budget, long needed, string purpose) =>
        new("MLS3010", Text($"Training needs more memory than it may use: {Size(needed)} with {purpose}, and the limit is {Size(budget)}"),
            "raise the limit with --memory, train on fewer rows (USING SAMPLE), or leave features out");

    public static CodedException TooManyLevels(string column, int limit) =>
        new("MLS3011", Text($"A text feature has more than {limit:N0} levels: {column}"), $"an identifier is no feature; leave it out (FEATURES (* EXCEPT ({column}))) or group its values");

    public static CodedException ListLength(string column, int expected, int found, string value) =>
        new("MLS3012", Text($"Lists of a feature must have one length, here {expected}, and one has {found}: {column} = {Short(value)}"), "pad or cut the lists in the query");

    public static CodedException SplitValue(string value) =>
        new("MLS3013", $"The split column holds another value than 'train', 'eval' or 'test': {Short(value)}", "SPLIT BY takes a BOOLEAN (true = eval) or one of these three texts");

    public static CodedException SplitType(DataType type) =>
        new("MLS3014", $"The split column has a type that says nothing: {type}", "SPLIT BY takes a BOOLEAN (true = eval) or 'train', 'eval', 'test'");

    public static CodedException Weight(string value) =>
        new("MLS3015", $"A weight must be a number of at least 0: {value}", "correct it in the query, for example coalesce(w, 1)");

    public static CodedException NoWeight() =>
        new("MLS3016", "All training rows weigh 0", "correct the weight column in the query");

    public static CodedException NotCarriedOut(string option, string estimator) =>
        new("MLS3017", $"This option is not carried out yet: {option} of {estimator}", $"leave it at 0; {estimator} has l2_reg");

    public static CodedException UnknownEstimator(string name) =>
        new("MLS3018", $"There is no such trainer: {name}", $"there are: {string.Join(", ", Trainers.Infos.Select(i => i.Name))}");

    public static CodedException UnknownClass(string value, IEnumerable<string> classes) =>
        new("MLS3019", $"The label holds a value that is none of the model's classes: {Short(value)}", $"the classes are {string.Join(", ", classes.Select(Short))}");

    public static CodedException EvaluationLabel(DataType type, string kind) =>
        new("MLS3020", $"The label has another kind than the model's: {type}, where {kind} is expected", "CAST it in the query");

    public static CodedException InfinitePrediction(string what) =>
        new("MLS3021", $"Evaluation met an infinite value or NaN: {what}", "look at the rows whose prediction or label is not finite");

    public static CodedException NotFinite(string what) =>
        new("MLS3022", $"The numbers are too large to train on: {what}", "scale the label or the weights down in the query");

    public static CodedException Groups(int limit) =>
        new("MLS3023", Text($"EVALUATE … BY gives more than {limit} groups"), "group by columns with fewer values");

    public static CodedException ObjectiveClasses(string objective, int classes) =>
        new("MLS3024", Text($"objective = '{objective}' is for two classes, and the label has {classes}"), "leave objective out, or write objective = 'softmax'");

    public static CodedException NegativeCount(double value) =>
        new("MLS3025", Text($"objective = 'poisson' is for counts, and a label is negative: {value:R}"), "correct it in the query, or train with objective = 'squared_error'");

    public static CodedException AllZero() =>
        new("MLS3026", "objective = 'poisson' cannot be trained where every label is 0", "look at the label column");

    public static CodedException NoEvalRows() =>
        new("MLS3027", "The split leaves no rows for evaluation, which EARLY STOPPING looks at", "write SPLIT RANDOM EVAL 0.1, or mark rows as 'eval'");

    public static CodedException NoEvalWeight() =>
        new("MLS3028", "All rows for evaluation weigh 0, and EARLY STOPPING looks at them", "correct the weight column in the query");

    public static CodedException NoDirection(string feature) =>
        new("MLS3029", $"Only a feature that is one number can be monotone: {feature}", "leave it out of monotone, or make a number of it in the query");

    public static CodedException TooManyRows(long rows, long most, string estimator) =>
        new("MLS3030", Text($"{estimator} takes {most:N0} rows at most, and there are {rows:N0}"), "train on fewer rows (USING SAMPLE)");

    public static CodedException RowsChanged() =>
        new("MLS3031", "The rows are not the same when they are read again", "write them into a table first: CREATE TEMP TABLE … AS query");

    public static CodedException NothingToMeasure() =>
        new("MLS3040", "There is nothing to measure importance on: no row has both a label and a prediction, with a weight above 0", "look at the query's WHERE, its label column and its weights");

    public static TrainingWarning ManyLevels(string column, int levels) =>
        new("MLS3101", Text($"A text feature has {levels:N0} levels, each a column of its own: {column}"), "group rare values, or leave it out");

    public static TrainingWarning NearlyUnique(string column, int levels, long rows) =>
        new("MLS3102", Text($"A text feature has nearly as many levels as there are rows ({levels:N0} of {rows:N0}): {column}"), $"if it is an identifier, leave it out: FEATURES (* EXCEPT ({column}))");

    public static TrainingWarning IterationLimit(int iterations) =>
        new("MLS3103", Text($"Training stopped at max_iterations before it converged: {iterations}"), "raise max_iterations, or add l2_reg");

    public static TrainingWarning Separable() =>
        new("MLS3104", "The classes can be told apart perfectly, so without a penalty the weights grow without end; training stopped when the loss was nearly 0", "add l2_reg, for example l2_reg = 0.001");

    public static TrainingWarning Stalled() =>
        new("MLS3105", "Training stopped where no step made the loss smaller, before it met the tolerance", "add l2_reg, or look for values of very different sizes");

    public static string Short(string value) => value.Length <= ShownLength ? value : string.Concat(value.AsSpan(0, ShownLength), "…");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.##} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.##} KiB"),
    };
}
