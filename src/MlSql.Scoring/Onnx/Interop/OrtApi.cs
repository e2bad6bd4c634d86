using System.Runtime.InteropServices;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>The library's functions by their numbers in its table, which never change. A status that is not null becomes an <see cref="OrtException"/>.</summary>
internal sealed unsafe partial class OrtApi(void** slots)
{
    private const int Fatal = 4;

    private readonly void** _slots = slots;

    /// <summary>Says of memory that it is the processor's; there once the environment is.</summary>
    public nint CpuMemory { get; private set; }

    /// <summary>The process-wide environment. It prints nothing: what goes wrong comes back as a status.</summary>
    public nint CreateEnvironment()
    {
        nint environment;
        fixed (byte* name = "mlsql"u8) Check(((delegate* unmanaged[Cdecl]<int, byte*, nint*, nint>)_slots[3])(Fatal, name, &environment));
        Check(((delegate* unmanaged[Cdecl]<nint, nint>)_slots[6])(environment)); // DisableTelemetryEvents
        CpuMemory = CreateMemoryInfo(arena: false);
        return environment;
    }

    // Session options

    public nint CreateSessionOptions()
    {
        nint options;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)_slots[10])(&options));
        return options;
    }

    public void SetSequential(nint options) => Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[13])(options, 0));

    public void SetSilent(nint options) => Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[22])(options, Fatal));

    public void SetAllOptimizations(nint options) => Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[23])(options, 99));

    public void SetOneThread(nint options)
    {
        Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[24])(options, 1));
        Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[25])(options, 1));
    }

    public void AddSessionEntry(nint options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value) Check(((delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)_slots[130])(options, k, v));
    }

    public void SetLoadCancelled(nint options) => Check(((delegate* unmanaged[Cdecl]<nint, byte, nint>)_slots[293])(options, 1));

    public void ReleaseSessionOptions(nint options) => ((delegate* unmanaged[Cdecl]<nint, void>)_slots[100])(options);

    // Sessions

    public nint CreateSession(nint environment, ReadOnlySpan<byte> model, nint options)
    {
        nint session;
        fixed (byte* bytes = model) Check(((delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint, nint*, nint>)_slots[8])(environment, bytes, (nuint)model.Length, options, &session));
        return session;
    }

    public void ReleaseSession(nint session) => ((delegate* unmanaged[Cdecl]<nint, void>)_slots[95])(session);

    public int InputCount(nint session) => Count(30, session);

    public int OutputCount(nint session) => Count(31, session);

    /// <summary>The type of one input or output; release it.</summary>
    public nint TypeOf(nint session, int index, bool output)
    {
        nint type;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)_slots[output ? 34 : 33])(session, (nuint)index, &type));
        return type;
    }

    public string NameOf(nint session, int index, bool output)
    {
        nint allocator = DefaultAllocator();
        byte* name;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint>)_slots[output ? 37 : 36])(session, (nuint)index, allocator, &name));
        string text = Marshal.PtrToStringUTF8((nint)name) ?? "";
        Check(((delegate* unmanaged[Cdecl]<nint, void*, nint>)_slots[76])(allocator, name));
        return text;
    }

    public void Run(nint session, nint runOptions, byte** inputNames, nint* inputs, int inputCount, byte** outputNames, int outputCount, nint* outputs) =>
        Check(((delegate* unmanaged[Cdecl]<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_slots[9])(session, runOptions, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs));

    // Run options

    public nint CreateRunOptions()
    {
        nint options;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)_slots[39])(&options));
        return options;
    }

    public void SetRunSilent(nint options) => Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)_slots[41])(options, Fatal));

    public void Terminate(nint options) => Check(((delegate* unmanaged[Cdecl]<nint, nint>)_slots[46])(options));

    public void AddRunEntry(nint options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value) Check(((delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)_slots[165])(options, k, v));
    }

    public void ReleaseRunOptions(nint options) => ((delegate* unmanaged[Cdecl]<nint, void>)_slots[97])(options);

    // Memory

    /// <summary>Registers an arena that never holds more than so many bytes, for the sessions that are made until it is taken away again.</summary>
    public void RegisterArena(nint environment, nint memoryInfo, long bytes)
    {
        nint arena;
        const int AsRequested = 1, Default = -1;
        Check(((delegate* unmanaged[Cdecl]<nuint, int, int, int, nint*, nint>)_slots[156])((nuint)bytes, AsRequested, Default, Default, &arena));
        try
        {
            Check(((delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)_slots[144])(environment, memoryInfo, arena));
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)_slots[157])(arena);
        }
    }

    public void UnregisterArena(nint environment, nint memoryInfo) => Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)_slots[177])(environment, memoryInfo));

    /// <summary>Takes a little of the session's memory and gives it back.</summary>
    public void TouchMemory(nint session, nint memoryInfo)
    {
        nint allocator;
        void* memory;
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)_slots[131])(session, memoryInfo, &allocator));
        try
        {
            Check(((delegate* unmanaged[Cdecl]<nint, nuint, void**, nint>)_slots[75])(allocator, 1, &memory));
            Check(((delegate* unmanaged[Cdecl]<nint, void*, nint>)_slots[76])(allocator, memory));
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)_slots[132])(allocator);
        }
    }

    public nint CreateMemoryInfo(bool arena)
    {
        nint info;
        Check(((delegate* unmanaged[Cdecl]<int, int, nint*, nint>)_slots[69])(arena ? 1 : 0, 0, &info));
        return info;
    }

    public void ReleaseMemoryInfo(nint info) => ((delegate* unmanaged[Cdecl]<nint, void>)_slots[94])(info);

    private nint DefaultAllocator()
    {
        nint allocator;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)_slots[78])(&allocator));
        return allocator;
    }

    private int Count(int slot, nint of)
    {
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)_slots[slot])(of, &count));
        return checked((int)count);
    }

    private int Integer(int slot, nint of)
    {
        int value;
        Check(((delegate* unmanaged[Cdecl]<nint, int*, nint>)_slots[slot])(of, &value));
        return value;
    }

    private nint Handle(int slot, nint of)
    {
        nint handle;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)_slots[slot])(of, &handle));
        return handle;
    }

    private void Check(nint status)
    {
        if (status != 0) throw Failure(status);
    }

    private OrtException Failure(nint status)
    {
        int code = ((delegate* unmanaged[Cdecl]<nint, int>)_slots[1])(status);
        string message = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<nint, byte*>)_slots[2])(status)) ?? "";
        ((delegate* unmanaged[Cdecl]<nint, void>)_slots[93])(status);
        return new OrtException(code, message);
    }
}
