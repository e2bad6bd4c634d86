using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Looks at vectors of the engine as <see cref="ColumnView"/>: nothing is copied.</summary>
internal static unsafe class VectorViews
{
    /// <summary>A view of the vector, valid while the engine keeps the vector.</summary>
    public static ColumnView Of(nint vector, DataType type, int rows)
    {
        void* data = NativeMethods.duckdb_vector_get_data(vector);
        ulong* validity = NativeMethods.duckdb_vector_get_validity(vector);
        switch (type)
        {
            case StringType or BinaryType or OpaqueType:
                return new ColumnView(type, ColumnLayout.TextViews, rows, data, validity);
            case ListType list:
                return new ColumnView(type, ColumnLayout.ListViews, rows, data, validity, children: [ListChild(vector, list.Element)]);
            case MapType map:
                return new ColumnView(type, ColumnLayout.ListViews, rows, data, validity, children: [ListChild(vector, EntryType(map))]);
            case ArrayType array:
                ColumnView elements = Of(NativeMethods.duckdb_array_vector_get_child(vector), array.Element, checked(rows * array.Length));
                return new ColumnView(type, ColumnLayout.FixedList, rows, null, validity, children: [elements]);
            case StructType fields:
                var children = new ColumnView[fields.Fields.Length];
                for (int i = 0; i < children.Length; i++)
                    children[i] = Of(NativeMethods.duckdb_struct_vector_get_child(vector, (ulong)i), fields.Fields[i].Type, rows);
                return new ColumnView(type, ColumnLayout.Struct, rows, null, validity, children: children);
            default:
                return new ColumnView(type, ColumnLayout.Fixed, rows, data, validity);
        }
    }

    /// <summary>The struct that the entries of a map are.</summary>
    public static StructType EntryType(MapType map) => new([new Field("key", map.Key), new Field("value", map.Value)]);

    private static ColumnView ListChild(nint vector, DataType element) =>
        Of(NativeMethods.duckdb_list_vector_get_child(vector), element, checked((int)NativeMethods.duckdb_list_vector_get_size(vector)));
}
