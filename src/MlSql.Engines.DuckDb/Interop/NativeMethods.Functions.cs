using System.Runtime.InteropServices;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>The functions of libduckdb: scalar functions of ours.</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_scalar_function();

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_scalar_function(ref nint function);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_scalar_function_set_name(nint function, string name);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_varargs(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_special_handling(nint function);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_volatile(nint function);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_add_parameter(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_return_type(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_extra_info(nint function, nint info, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_bind(nint function, delegate* unmanaged[Cdecl]<nint, void> bind);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_function(nint function, delegate* unmanaged[Cdecl]<nint, nint, nint, void> body);

    [LibraryImport(Library)]
    internal static partial int duckdb_register_scalar_function(ConnectionHandle connection, nint function);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial nint duckdb_scalar_function_get_extra_info(nint info);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial nint duckdb_scalar_function_get_bind_data(nint info);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_error(nint info, byte* error);

    [LibraryImport(Library)]
    internal static partial nint duckdb_scalar_function_bind_get_extra_info(nint info);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_bind_data(nint info, nint data, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_bind_data_copy(nint info, delegate* unmanaged[Cdecl]<nint, nint> copy);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_bind_set_error(nint info, byte* error);
}
