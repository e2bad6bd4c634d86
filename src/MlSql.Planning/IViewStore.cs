using MlSql.Columnar;

namespace MlSql.Planning;

/// <summary>Keeps views beside the models, for an engine whose own catalog cannot: a view with a prediction is nothing that it could make good on in another session.</summary>
public interface IViewStore
{
    /// <summary>The views that were made for a server (sc://host:port), with what makes each again. Damaged ones are left out and told as warnings. Throws <see cref="CodedException"/> MLS5xxx.</summary>
    IReadOnlyList<KeptView> Of(string server, CancellationToken cancel);

    /// <summary>Keeps a view in the place of one of its name. Throws <see cref="CodedException"/> MLS5xxx; then nothing has changed.</summary>
    void Keep(string server, KeptView view, CancellationToken cancel);

    /// <summary>Forgets a view, if there is one. Throws <see cref="CodedException"/> MLS5xxx.</summary>
    void Drop(string server, string name, CancellationToken cancel);

    /// <summary>The version whose content hash begins so, with the label type that is asked for, or null.</summary>
    ModelVersion? FindModel(string hash, DataType? labelType);
}

/// <summary>A view that outlasts its session.</summary>
/// <param name="Name">As its statement says it; case does not count.</param>
/// <param name="Definition">A CREATE OR REPLACE VIEW with the functions of model versions in the places of predictions.</param>
public sealed record KeptView(string Name, string Definition);
