using Google.Protobuf;

namespace MlSql.Engines.Spark.Connect.Protocol;

/// <summary>A request within a session: these fields are the same in all of them.</summary>
internal interface ISessionRequest : IMessage
{
    string SessionId { get; set; }

    UserContext UserContext { get; set; }

    string ClientType { get; set; }

    string ClientObservedServerSideSessionId { get; set; }
}

/// <summary>An answer within a session.</summary>
internal interface ISessionResponse : IMessage
{
    string SessionId { get; }

    string ServerSideSessionId { get; }
}

internal sealed partial class AnalyzePlanRequest : ISessionRequest;

internal sealed partial class ConfigRequest : ISessionRequest;

internal sealed partial class ExecutePlanRequest : ISessionRequest;

internal sealed partial class ReattachExecuteRequest : ISessionRequest;

internal sealed partial class ReleaseExecuteRequest : ISessionRequest;

internal sealed partial class InterruptRequest : ISessionRequest;

internal sealed partial class AddArtifactsRequest : ISessionRequest;

internal sealed partial class ArtifactStatusesRequest : ISessionRequest;

internal sealed partial class FetchErrorDetailsRequest : ISessionRequest;

internal sealed partial class CloneSessionRequest : ISessionRequest;

internal sealed partial class GetStatusRequest : ISessionRequest;

internal sealed partial class AnalyzePlanResponse : ISessionResponse;

internal sealed partial class ConfigResponse : ISessionResponse;

internal sealed partial class ExecutePlanResponse : ISessionResponse;

internal sealed partial class ReleaseExecuteResponse : ISessionResponse;

internal sealed partial class InterruptResponse : ISessionResponse;

internal sealed partial class AddArtifactsResponse : ISessionResponse;

internal sealed partial class ArtifactStatusesResponse : ISessionResponse;

internal sealed partial class FetchErrorDetailsResponse : ISessionResponse;

internal sealed partial class CloneSessionResponse : ISessionResponse;

internal sealed partial class GetStatusResponse : ISessionResponse;
