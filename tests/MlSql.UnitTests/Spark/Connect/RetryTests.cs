using System.Net.Sockets;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Transport;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class RetryTests
{
    [Test]
    public void A_call_is_tried_for_minutes_and_where_nothing_listens_for_half_a_minute()
    {
        Assert.That(Total(RetryPolicy.Default), Is.InRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(12)));
        Assert.That(Total(RetryPolicy.Default.WhenRefused()), Is.InRange(TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(33)));
    }

    [Test]
    public void Fewer_tries_than_that_stay_fewer() => Assert.That((RetryPolicy.Default with { MaxRetries = 2 }).WhenRefused().Wait(2, null), Is.Null);

    [Test]
    public void A_refused_connection_is_told_from_one_that_was_cut()
    {
        Assert.That(Of(SocketError.ConnectionRefused).Refused, Is.True);
        Assert.That(Of(SocketError.ConnectionReset).Refused, Is.False);
        Assert.That(new GrpcException(GrpcStatus.Unavailable, "gone", GrpcOrigin.Server).Refused, Is.False);
    }

    private static GrpcException Of(SocketError error) => new(GrpcStatus.Unavailable, "gone", GrpcOrigin.Connection, null, new HttpRequestException(HttpRequestError.ConnectionError, "gone", new SocketException((int)error)));

    private static TimeSpan Total(RetryPolicy policy)
    {
        TimeSpan total = TimeSpan.Zero;
        for (int retry = 0; policy.Wait(retry, null) is { } wait; retry++) total += wait;
        return total;
    }
}
