using MlSql.Models;
using MlSql.Models.Estimators;

namespace MlSql.UnitTests.Training;

/// <summary>Made-up rows to train on, fixed by a seed.</summary>
internal static class Samples
{
    /// <summary>A column of every kind, with NULLs, and a label that a trainer of the task can learn but not separate.</summary>
    public static TrainingTable Mixed(ModelTask task, int rows, int seed)
    {
        Random random = new(seed);
        var number = new double?[rows];
        var single = new float[rows];
        var text = new string?[rows];
        var whole = new int[rows];
        var flag = new bool[rows];
        var day = new DateOnly[rows];
        var list = new double?[]?[rows];
        var score = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            number[i] = random.Next(10) == 0 ? null : 50 + 10 * random.NextDouble();
            single[i] = (float)random.NextDouble();
            text[i] = random.Next(8) == 0 ? null : "level" + random.Next(5);
            whole[i] = random.Next(-100, 100);
            flag[i] = random.Next(2) == 0;
            day[i] = new DateOnly(2020, 1, 1).AddDays(random.Next(1000));
            list[i] = random.Next(20) == 0 ? null : [random.NextDouble(), 3 - random.NextDouble()];
            score[i] = 0.2 * ((number[i] ?? 55) - 55) + single[i] + (text[i] == "level1" ? 1 : 0) - 0.01 * whole[i] + (flag[i] ? 0.5 : 0) - 1;
        }
        return new([("number", number), ("single", single), ("text", text), ("whole", whole), ("flag", flag), ("day", day), ("list", list)], Label(task, score, random));
    }

    /// <summary>Independent numbers only.</summary>
    public static TrainingTable Numbers(ModelTask task, int rows, int columns, int seed)
    {
        Random random = new(seed);
        var features = new (string, Array)[columns];
        var score = new double[rows];
        for (int j = 0; j < columns; j++)
        {
            var values = new double?[rows];
            for (int i = 0; i < rows; i++)
            {
                values[i] = random.NextDouble() * (j + 1);
                score[i] += (values[i]!.Value - (j + 1) / 2.0) / (j + 1) * (j % 2 == 0 ? 2 : -1);
            }
            features[j] = ("x" + j, values);
        }
        return new([.. features], Label(task, score, random));
    }

    /// <summary>Weights of rows, some of them 0.</summary>
    public static double?[] Weights(int rows, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => (double?)random.Next(4))];
    }

    /// <summary>The defaults with a penalty, and few trees.</summary>
    public static OptionValues Options(EstimatorInfo info, string l2 = "0") => TrainingTable.Options(info, ("l2_reg", l2), ("num_trees", "6"));

    private static (string, Array) Label(ModelTask task, double[] score, Random random) => task == ModelTask.Regression
        ? ("label", Array.ConvertAll(score, s => (double?)(s + 0.1 * random.NextDouble())))
        : ("label", Array.ConvertAll(score, s => random.NextDouble() < 1 / (1 + Math.Exp(-s)) ? "yes" : "no"));
}
