using System.Runtime.InteropServices;

namespace MlSql.Scoring.Onnx.Interop;

/// <summary>Owns an OrtSession.</summary>
internal sealed class SessionHandle : SafeHandle
{
    private readonly OrtApi _api;

    public SessionHandle(OrtApi api, nint session) : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle(session);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession(handle);
        return true;
    }
}

/// <summary>Owns an OrtRunOptions: of one call, so that stopping it stops no other.</summary>
internal sealed class RunOptionsHandle : SafeHandle
{
    private readonly OrtApi _api;

    public RunOptionsHandle(OrtApi api, bool arena) : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle(api.CreateRunOptions());
        api.SetRunSilent(handle);
        // Else the memory of the largest batch ever would stay in the arena.
        if (arena) api.AddRunEntry(handle, "memory.enable_memory_arena_shrinkage"u8, "cpu:0"u8);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the run that uses these options stop at its next node.</summary>
    public void Terminate() => _api.Terminate(handle);

    protected override bool ReleaseHandle()
    {
        _api.ReleaseRunOptions(handle);
        return true;
    }
}

/// <summary>Owns an OrtValue that an output column reads in place.</summary>
internal sealed class ValueHandle : SafeHandle
{
    private readonly OrtApi _api;

    public ValueHandle(OrtApi api, nint value) : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The bytes of a tensor of fixed-width elements; valid until disposed.</summary>
    public unsafe ReadOnlySpan<byte> Bytes(int length)
    {
        ObjectDisposedException.ThrowIf(IsClosed, typeof(GraphBatch));
        return new ReadOnlySpan<byte>(_api.Data(handle), length);
    }

    protected override bool ReleaseHandle()
    {
        _api.ReleaseValue(handle);
        return true;
    }
}
