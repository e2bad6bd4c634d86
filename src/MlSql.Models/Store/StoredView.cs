namespace MlSql.Models.Store;

/// <summary>A view that is kept beside the models for a server that cannot keep it.</summary>
/// <param name="Server">The server that it was made for, sc://host:port.</param>
/// <param name="Name">Its name; case does not count.</param>
/// <param name="Definition">The statement that makes it again.</param>
public sealed record StoredView(string Server, string Name, string Definition);
