using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Database;
using MlSql.Engines.DuckDb.Functions;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Hands functions to the engine and answers its calls. No exception may leave a callback: it would end the process.</summary>
internal static unsafe class ScalarFunctionRegistration
{
    private sealed record Registered(ScalarFunctionDefinition Definition, FunctionFaults Faults);

    /// <summary>One place in a plan that calls a function.</summary>
    private sealed class Call
    {
        public DataType[]? ArgumentTypes { get; set; }
    }

    /// <summary>Registers the function; false when the engine refuses it.</summary>
    public static bool Register(ConnectionHandle connection, ScalarFunctionDefinition definition, FunctionFaults faults)
    {
        nint function = NativeMethods.duckdb_create_scalar_function();
        try
        {
            NativeMethods.duckdb_scalar_function_set_name(function, definition.Name);
            if (definition.Parameters is { } parameters)
                foreach (DataType parameter in parameters) WithType(LogicalTypes.Create(parameter), type => NativeMethods.duckdb_scalar_function_add_parameter(function, type));
            else
                WithType(LogicalTypes.CreateAny(), type => NativeMethods.duckdb_scalar_function_set_varargs(function, type));
            WithType(LogicalTypes.Create(definition.Result), type => NativeMethods.duckdb_scalar_function_set_return_type(function, type));
            // Else constant NULLs would not come to us and column NULLs would.
            NativeMethods.duckdb_scalar_function_set_special_handling(function);
            if (definition.Volatile) NativeMethods.duckdb_scalar_function_set_volatile(function);
            NativeMethods.duckdb_scalar_function_set_extra_info(function, (nint)GCHandle.Alloc(new Registered(definition, faults)), &Free);
            NativeMethods.duckdb_scalar_function_set_bind(function, &Bind);
            NativeMethods.duckdb_scalar_function_set_function(function, &Invoke);
            return NativeMethods.duckdb_register_scalar_function(connection, function) == 0;
        }
        finally
        {
            NativeMethods.duckdb_destroy_scalar_function(ref function);
        }
    }

    // Asked of the vectors and not while the call is planned: there the engine copies each argument's expression, and one that holds a subquery ends the process.
    private static DataType[] ArgumentTypes(ScalarFunctionDefinition definition, nint chunk)
    {
        if (definition.Parameters is { } parameters) return [.. parameters];
        var types = new DataType[NativeMethods.duckdb_data_chunk_get_column_count(chunk)];
        for (int i = 0; i < types.Length; i++)
            types[i] = LogicalTypes.Take(NativeMethods.duckdb_vector_get_column_type(NativeMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i)));
        definition.Check?.Invoke(ImmutableCollectionsMarshal.AsImmutableArray(types));
        if (Array.Find(types, TextCasts.Needed) is { } opaque)
            throw new CodedException(EngineErrorCodes.TypeNotSupported, $"An argument is {opaque}, which MlSql does not read", "cast it to VARCHAR");
        return types;
    }

    private static void WithType(nint type, Action<nint> use)
    {
        use(type);
        NativeMethods.duckdb_destroy_logical_type(ref type);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        Registered? function = null;
        try
        {
            function = (Registered)GCHandle.FromIntPtr(NativeMethods.duckdb_scalar_function_bind_get_extra_info(info)).Target!;
            // Without a copy function the call would be gone in a copied plan.
            NativeMethods.duckdb_scalar_function_set_bind_data(info, (nint)GCHandle.Alloc(new Call()), &Free);
            NativeMethods.duckdb_scalar_function_set_bind_data_copy(info, &Copy);
        }
#pragma warning disable CA1031 // Everything must be caught here.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fixed (byte* text = FaultText(function, e)) NativeMethods.duckdb_scalar_function_bind_set_error(info, text);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Invoke(nint info, nint chunk, nint output)
    {
        Registered? function = null;
        try
        {
            function = (Registered)GCHandle.FromIntPtr(NativeMethods.duckdb_scalar_function_get_extra_info(info)).Target!;
            var call = (Call)GCHandle.FromIntPtr(NativeMethods.duckdb_scalar_function_get_bind_data(info)).Target!;
            // Threads that come here at once find the same.
            DataType[] types = call.ArgumentTypes ??= ArgumentTypes(function.Definition, chunk);
            int rows = (int)NativeMethods.duckdb_data_chunk_get_size(chunk);
            var arguments = new ColumnView[types.Length];
            for (int i = 0; i < arguments.Length; i++)
                arguments[i] = VectorViews.Of(NativeMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i), types[i], rows);
            function.Definition.Body.Invoke(arguments, rows, new OutputVector(output, function.Definition.Result, rows));
        }
#pragma warning disable CA1031 // Everything must be caught here.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fixed (byte* text = FaultText(function, e)) NativeMethods.duckdb_scalar_function_set_error(info, text);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint handle) => GCHandle.FromIntPtr(handle).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Copy(nint handle) => (nint)GCHandle.Alloc(GCHandle.FromIntPtr(handle).Target);

    private static byte[] FaultText(Registered? function, Exception fault) =>
        Encoding.UTF8.GetBytes((function is null ? fault.Message : function.Faults.Keep(fault)).Replace('\0', ' ') + "\0");
}
