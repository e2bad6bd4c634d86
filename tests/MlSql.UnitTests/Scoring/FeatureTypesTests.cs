using MlSql.Columnar;
using MlSql.Models;

namespace MlSql.UnitTests.Scoring;

internal sealed class FeatureTypesTests
{
    public static IEnumerable<DataType> FeatureColumns => RandomCases.AllTypes();

    [TestCaseSource(nameof(FeatureColumns))]
    public void A_column_stands_for_the_feature_that_it_was_trained_as(DataType type)
    {
        var feature = FeatureTypes.Of(type);
        Assert.That(feature, Is.Not.Null);
        Assert.That(FeatureTypes.Accepts(feature!, type));
        Assert.That(FeatureTypes.Accepts(feature!, new NullType()));
        Assert.That(FeatureTypes.Accepts(feature!, new BinaryType()), Is.False);
    }

    [Test]
    public void Types_without_a_meaning_for_models_are_no_features()
    {
        DataType[] types =
        [
            new NullType(), new BinaryType(), new TimeType(TimeUnit.Microsecond), new OffsetTimeType(), new IntervalType(), new UuidType(), new OpaqueType("BIT"),
            new MapType(new StringType(), new FloatType(64)), new ListType(new StringType()), new ListType(new ListType(new FloatType(32))), new ArrayType(new DateType(), 2),
            new StructType([new("inner", new StructType([new("x", new FloatType(32))]))]), new StructType([new("b", new BinaryType())]),
        ];
        foreach (var type in types) Assert.That(FeatureTypes.Of(type), Is.Null, type.ToString());
    }

    [Test]
    public void Kinds_are_not_exchanged()
    {
        Assert.That(FeatureTypes.Accepts(new NumberFeature(), new BooleanType()));
        Assert.That(FeatureTypes.Accepts(new BooleanFeature(), new IntegerType(32, true)), Is.False);
        Assert.That(FeatureTypes.Accepts(new NumberFeature(), new StringType()), Is.False);
        Assert.That(FeatureTypes.Accepts(new InstantFeature(), new TimestampType(TimeUnit.Microsecond, false)), Is.False);
        Assert.That(FeatureTypes.Accepts(new LocalTimeFeature(), new DateType()), Is.False);
        Assert.That(FeatureTypes.Accepts(new NumberListFeature(3), new ArrayType(new FloatType(32), 4)), Is.False);
        Assert.That(FeatureTypes.Accepts(new NumberListFeature(3), new ListType(new DecimalType(9, 2))));
    }

    [Test]
    public void A_struct_is_taken_by_the_names_of_its_fields()
    {
        var feature = new StructFeature([new("a", new NumberFeature()), new("b", new TextFeature())]);
        Assert.That(FeatureTypes.Accepts(feature, new StructType([new("b", new StringType()), new("c", new DateType()), new("A", new FloatType(32))])));
        Assert.That(FeatureTypes.Accepts(feature, new StructType([new("a", new FloatType(32))])), Is.False);
        Assert.That(FeatureTypes.Accepts(feature, new StructType([new("a", new StringType()), new("b", new StringType())])), Is.False);
    }
}
