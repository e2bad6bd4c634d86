using System.Text.Json.Serialization;

namespace MlSql.Engines.Spark.Connect.Errors;

/// <summary>The two shapes of JSON that the server puts into the metadata of an error.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ErrorJson : JsonSerializerContext;
