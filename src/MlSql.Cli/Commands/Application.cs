using System.Text;
using MlSql.Cli.Arguments;
using MlSql.Cli.Output;
using MlSql.Cli.Terminal;

namespace MlSql.Cli.Commands;

/// <summary>The whole command: reads the arguments, does what they say, and turns every outcome into an exit code.</summary>
internal static class Application
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        using Interruption interruption = new();
        Screen screen = Screen.Detect();
        TextWriter error = TextWriter.Synchronized(new StreamWriter(StandardOutput.OpenError(), new UTF8Encoding(false)));
        Messages messages = new(error, screen.Colors(ColorChoice.Auto, screen.ErrorIsTerminal), quiet: false, ArgumentReader.WantsDebug(arguments));
        try
        {
            RunSettings settings = ArgumentReader.Read(arguments, inputIsTerminal: !Console.IsInputRedirected);
            messages = new(error, screen.Colors(settings.Color, screen.ErrorIsTerminal), settings.Quiet, settings.Debug);
            return await RunAsync(settings, screen, messages, interruption).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            messages.UsageError(e);
            return ExitCode.Usage;
        }
        catch (MlSqlException e)
        {
            if (interruption.RequestedExit != 0) return interruption.RequestedExit;
            messages.Failure(e, null);
            return ExitCode.Of(e.Kind);
        }
        catch (OperationCanceledException) when (interruption.RequestedExit != 0)
        {
            return interruption.RequestedExit;
        }
        catch (ReaderGoneException)
        {
            return ExitCode.Success;
        }
        catch (OutputFailedException e)
        {
            messages.Error($"{Usage.OutputFailed} Results cannot be written: {TerminalText.EscapeLine(e.Message)}\n  hint: free some space, or choose another place with -o");
            return ExitCode.StatementFailed;
        }
        catch (Exception e)
        {
            messages.Error(Describe(e, ArgumentReader.WantsDebug(arguments)));
            return ExitCode.StatementFailed;
        }
    }

    private static async Task<int> RunAsync(RunSettings settings, Screen screen, Messages messages, Interruption interruption)
    {
        switch (settings.Verb)
        {
            case Verb.Help:
                Print(HelpText.Full);
                return ExitCode.Success;
            case Verb.ShortHelp:
                Print(HelpText.Short);
                return ExitCode.Success;
            case Verb.Version:
                Print(VersionText.Line + "\n");
                return ExitCode.Success;
            case Verb.Doctor:
                await using (StreamWriter output = new(StandardOutput.Open(), new UTF8Encoding(false)))
                    return await new DoctorCommand(settings, screen.Colors(settings.Color, screen.OutputIsTerminal)).RunAsync(output, interruption.Token).ConfigureAwait(false);
            default:
                return await new ScriptRun(settings, screen, messages, interruption).RunAsync().ConfigureAwait(false);
        }
    }

    private static void Print(string text)
    {
        using Stream output = StandardOutput.Open();
        output.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Describe(Exception e, bool debug) => debug
        ? $"{Usage.Bug} This is a bug in MlSql: {e}"
        : $"{Usage.Bug} This is a bug in MlSql: {e.GetType().Name}: {e.Message}\n  hint: --debug shows where it happened; please report it together with the script";
}
