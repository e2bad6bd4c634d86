namespace MlSql.Scoring.Onnx.Interop;

/// <summary>Makes sessions with the settings that all of ours have.</summary>
internal static class SessionFactory
{
    // An arena stands registered in the process-wide environment only while the session that takes it over is made.
    private static readonly Lock ArenaGate = new();

    public static SessionHandle Create(LoadedLibrary library, ReadOnlySpan<byte> model, GraphSessionOptions settings, CancellationToken cancel)
    {
        var api = library.Api;
        nint options = api.CreateSessionOptions();
        try
        {
            Configure(api, options, settings);
            using var watchdog = new Watchdog(() => api.SetLoadCancelled(options), settings.LoadTimeout, cancel);
            try
            {
                return new SessionHandle(api, settings.ArenaBytes > 0 ? CreateCapped(library, model, options, settings.ArenaBytes) : api.CreateSession(library.Environment, model, options));
            }
            catch (OrtException) when (watchdog.IsCancelled)
            {
                throw new OperationCanceledException(cancel);
            }
            catch (OrtException) when (watchdog.TimeIsOver)
            {
                throw RuntimeErrors.LoadTooLong(settings.LoadTimeout);
            }
            catch (OrtException e) when (e.IsMemory)
            {
                throw RuntimeErrors.OutOfMemory("while it is made ready", settings.ArenaBytes, e.Trimmed);
            }
            catch (OrtException e)
            {
                throw RuntimeErrors.SessionRefused(e.Trimmed);
            }
        }
        finally
        {
            api.ReleaseSessionOptions(options);
        }
    }

    private static void Configure(OrtApi api, nint options, GraphSessionOptions settings)
    {
        api.SetSilent(options);
        api.SetSequential(options);
        api.SetAllOptimizations(options);
        // Callers bring the threads; a pool of the session's own costs processor time even when it is idle.
        api.SetOneThread(options);
        api.AddSessionEntry(options, "session.intra_op.allow_spinning"u8, "0"u8);
        api.AddSessionEntry(options, "session.inter_op.allow_spinning"u8, "0"u8);
        // Without a limit the runtime's own arena stays on: a convolution of 2,048 rows takes 0.88 of the time so. It keeps what the largest slice of each thread needed.
        if (settings.ArenaBytes > 0) api.AddSessionEntry(options, "session.use_env_allocators"u8, "1"u8);
    }

    private static nint CreateCapped(LoadedLibrary library, ReadOnlySpan<byte> model, nint options, long bytes)
    {
        var api = library.Api;
        lock (ArenaGate)
        {
            nint memory = api.CreateMemoryInfo(arena: true);
            try
            {
                api.RegisterArena(library.Environment, memory, bytes);
                try
                {
                    nint session = api.CreateSession(library.Environment, model, options);
                    // An arena never gives its first block back, so that one had better be small.
                    api.TouchMemory(session, memory);
                    return session;
                }
                finally
                {
                    api.UnregisterArena(library.Environment, memory);
                }
            }
            finally
            {
                api.ReleaseMemoryInfo(memory);
            }
        }
    }
}
