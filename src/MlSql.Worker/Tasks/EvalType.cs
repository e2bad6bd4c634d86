namespace MlSql.Worker.Tasks;

/// <summary>How the engine calls a function; the engine's numbers.</summary>
internal enum EvalType
{
    /// <summary>Rows of an RDD, pickled.</summary>
    Rows = 0,

    /// <summary>A column from columns, in the form for pandas: the same bytes as <see cref="ScalarArrow"/>.</summary>
    ScalarPandas = 200,

    /// <summary>Rows from rows.</summary>
    MapArrow = 207,

    /// <summary>A column from columns.</summary>
    ScalarArrow = 250,

    /// <summary>A column from columns, the only function of its task.</summary>
    ScalarArrowIterator = 251,

    /// <summary>A table function, pickled rows.</summary>
    Table = 300,

    /// <summary>A table function, Arrow inside.</summary>
    ArrowTable = 301,

    /// <summary>A table function over Arrow batches.</summary>
    ArrowBatchTable = 302,
}
