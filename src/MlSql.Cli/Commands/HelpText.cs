namespace MlSql.Cli.Commands;

/// <summary>The command's help: at most 80 columns.</summary>
internal static class HelpText
{
    public const string Short = """
        mlsql: train and use models in SQL

          mlsql run FILE              run a script
          mlsql -c "SELECT 42"        run a statement
          mlsql doctor                check this machine and installation
          mlsql --help                all commands and options, with examples

        """;

    public const string Full = """
        mlsql: train and use models in SQL

        Usage
          mlsql run FILE... [options]      run scripts; - is standard input
          mlsql -c SQL [options]           run a statement
          mlsql doctor [options]           check this machine and installation
          mlsql version                    print the version

        Scripts are SQL of the engine, DuckDB or Spark, with TRAIN, PREDICT, EVALUATE
        and the like. Options may stand anywhere, also behind the file's name.

        What to run
          -c, --command SQL       a statement; may repeat, keeps its order with FILEs
          -v, --variable N=VALUE  replaces :N, :'N' and :"N" in scripts; may repeat.
                                  :'script_dir' is the script's folder
              --on-error HOW      stop (default) or continue with the next statement

        Where to run
              --engine ENGINE     duckdb (default), inside this process, or spark
              --remote ADDRESS    Spark's server, sc://host:15002/;token=...
                                  (default: $SPARK_REMOTE, else a server is started
                                  from $SPARK_HOME and ends with the command)
              --connect-timeout S seconds to wait for Spark to answer (default: 10)

        Data and models
              --models DIR        where models are kept
                                  (default: $MLSQL_MODELS, else .mlsql/models)
              --database PATH     a DuckDB database file (default: in memory)
              --table NAME=PATH   a .parquet, .csv or .json file, a folder of them, or
                                  a glob as a table; may repeat
              --threads N         threads to use (default: all cores)
              --memory SIZE       memory to use, such as 512MB, 2GiB, 1.5g
                                  (default: the engine's own)
              --model-timeout S   seconds that a batch of an imported model may run
                                  (default: 60)

        Output
              --format FORMAT     box (default on a terminal), csv (default else), json
          -o, --output FILE       write results to a file, whole or not at all
              --color WHEN        auto (default), always or never
              --timing            print how long each statement took
          -q, --quiet             no notices, summaries and progress
              --debug             show stack traces
          -h, --help              this text

        Results go to standard output, everything else to standard error.
          box   for eyes: 40 rows, 7 digits, as wide as the terminal
          csv   header line; NULL is empty, empty text is ""; exact numbers; nested
                values as JSON; an empty line between results
          json  one array of objects a result; exact numbers; NaN and infinities as
                text; bytes as base64

        Exit codes
          0 success                    3 connection failed
          1 a statement failed         4 a limit of memory or time was hit
          2 wrong command line, or     130 interrupted (Ctrl+C; twice: at once)
            no such script             143 terminated

        Environment
          MLSQL_MODELS   the models' folder, where --models is not given
          SPARK_REMOTE   Spark's server, where --remote is not given
          SPARK_HOME     where Spark lies, to start a server of one's own
          NO_COLOR       no colours, when not empty
          COLUMNS        the width of tables

        Examples
          mlsql run examples/batch/churn.sql
          mlsql run report.sql --table sales='data/*.parquet' -v year=2025
          mlsql -c "SELECT * FROM 'customers.parquet'" --format json -o customers.json
          echo "SHOW MODELS" | mlsql run - --models models

        """;
}
