using MlSql.Cli.Commands;

return await Application.RunAsync(args).ConfigureAwait(false);
