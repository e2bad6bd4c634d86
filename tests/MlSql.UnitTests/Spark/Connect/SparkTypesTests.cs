using MlSql.Columnar;
using MlSql.Engines.Spark.Connect;
using MlSql.Engines.Spark.Connect.Errors;
using Message = MlSql.Engines.Spark.Connect.Protocol.DataType;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class SparkTypesTests
{
    private static readonly DataType[] Both =
    [
        new NullType(), new BooleanType(), new IntegerType(8, true), new IntegerType(16, true), new IntegerType(32, true), new IntegerType(64, true), new FloatType(32), new FloatType(64),
        new DecimalType(38, 38), new DecimalType(1, 0), new StringType(), new BinaryType(), new DateType(), new TimestampType(TimeUnit.Microsecond, true),
        new TimestampType(TimeUnit.Microsecond, false), new IntervalType(), new ListType(new ListType(new StringType())), new MapType(new StringType(), new FloatType(64)),
        new StructType([new Field("a", new IntegerType(32, true)), new Field("b c", new StructType([]))]),
    ];

    [TestCaseSource(nameof(Both))]
    public void Types_of_both_come_back_as_they_were(DataType type) => Assert.That(SparkTypes.ToColumnar(Message.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(SparkTypes.ToMessage(type)))), Is.EqualTo(type));

    private static readonly DataType[] Ours =
    [
        new IntegerType(8, false), new IntegerType(64, false), new IntegerType(128, true), new TimestampType(TimeUnit.Nanosecond, true), new TimestampType(TimeUnit.Second, false), new TimeType(TimeUnit.Nanosecond),
        new OffsetTimeType(), new UuidType(), new EnumType(["a"]), new OpaqueType("X"), new ListType(new UuidType()),
    ];

    [TestCaseSource(nameof(Ours))]
    public void Types_that_Spark_has_not_are_refused(DataType type) => Assert.That(Assert.Catch<SparkException>(() => SparkTypes.ToMessage(type))!.Code, Is.EqualTo("MLS6216"));

    private static readonly object[] Theirs =
    [
        new object[] { new Message { Char = new() { Length = 3 } }, "VARCHAR" },
        new object[] { new Message { VarChar = new() { Length = 3 } }, "VARCHAR" },
        new object[] { new Message { String = new() { Collation = "UNICODE_CI" } }, "VARCHAR" },
        new object[] { new Message { Decimal = new() }, "DECIMAL(10,0)" },
        new object[] { new Message { Variant = new() }, "VARIANT" },
        new object[] { new Message { Udt = new() { SqlType = new() { Double = new() } } }, "DOUBLE" },
        new object[] { new Message { Udt = new() }, "UDT" },
        new object[] { new Message { Unparsed = new() { DataTypeString = "later" } }, "later" },
        new object[] { new Message { YearMonthInterval = new() }, "INTERVAL" },
        new object[] { new Message { Time = new() }, "TIME_NS" },
    ];

    [TestCaseSource(nameof(Theirs))]
    public void Types_of_Spark_have_one_of_ours(Message type, string name) => Assert.That(SparkTypes.ToColumnar(type).ToString(), Is.EqualTo(name));

    [Test]
    public void Types_that_make_no_sense_are_refused()
    {
        Message deep = new() { Long = new() };
        for (int i = 0; i < 90; i++) deep = new Message { Array = new() { ElementType = deep } };
        Message[] wrong = [new(), new() { Array = new() }, new() { Map = new() }, new() { Struct = new() { Fields = { new Message.Types.StructField() } } }, new() { Decimal = new() { Precision = 39 } }, new() { Decimal = new() { Precision = 5, Scale = 6 } }, new() { Decimal = new() { Precision = 5, Scale = -1 } }, deep];
        foreach (Message type in wrong) Assert.That(Assert.Catch<SparkException>(() => SparkTypes.ToColumnar(type))!.Code, Is.EqualTo("MLS6216"), type.KindCase.ToString());
        Assert.That(Assert.Catch<SparkException>(() => SparkTypes.ToSchema(new Message { Long = new() }))!.Code, Is.EqualTo("MLS6216"));
    }
}
