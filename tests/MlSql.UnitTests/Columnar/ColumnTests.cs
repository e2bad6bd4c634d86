using System.Globalization;
using System.Text;
using MlSql.Columnar;

namespace MlSql.UnitTests.Columnar;

internal sealed class ColumnTests
{
    private static readonly RecordBatch _batch = new(
        new Schema([new("Id", new IntegerType(32, true)), new("name", new StringType()), new("id", new FloatType(64))]),
        [
            new FixedColumn<int>(new IntegerType(32, true), [7, 8, 9], 2, null),
            new TextColumn(new StringType(), [0, 5, 5], Encoding.UTF8.GetBytes("grün"), 2, [0b01]),
            new FixedColumn<double>(new FloatType(64), [0.5, 1.5], 2, [0b10]),
        ],
        2);

    [Test]
    public void A_column_is_found_by_its_exact_name_before_another_case()
    {
        Assert.That(_batch.Column<int>("Id").ToArray(), Is.EqualTo([7, 8]));
        Assert.That(_batch.Column<double>("id").ToArray(), Is.EqualTo([0.5, 1.5]));
        Assert.That(_batch.Column("NAME"), Is.SameAs(_batch.Columns[1]));
        Assert.That(_batch.Schema.IndexOf("ID"), Is.Zero);
    }

    [Test]
    public void A_missing_column_is_named_with_those_that_are_there() =>
        Assert.That(() => _batch.Column("age"), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS6010")
            .And.Message.EqualTo("The result has no column of this name: age").And.Property("Hint").EqualTo("its columns are Id, name, id"));

    [Test]
    public void A_column_of_another_type_says_which_it_is() =>
        Assert.That(() => _batch.Column<long>("Id").Length, Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS6011").And.Message.EqualTo("Column Id is INTEGER, not Int64"));

    [Test]
    public void Nulls_are_the_zero_bits_of_the_mask()
    {
        Assert.That(_batch.Columns[2].IsNull(0));
        Assert.That(_batch.Columns[2].IsNull(1), Is.False);
        Assert.That(_batch.Columns[0].IsNull(1), Is.False);
        Assert.That(_batch.Columns[0].Validity.IsEmpty);
    }

    [Test]
    public void Text_is_decoded_and_null_stays_null()
    {
        var names = (TextColumn)_batch.Columns[1];
        Assert.That(names.Text(0), Is.EqualTo("grün"));
        Assert.That(names.Text(1), Is.Null);
        Assert.That(names.Utf8(0).Length, Is.EqualTo(5));
    }

    [Test]
    public void Lists_and_structs_give_their_children()
    {
        var elements = new FixedColumn<int>(new IntegerType(32, true), [1, 2, 3], 3, null);
        var list = new ListColumn(new ListType(elements.Type), [0, 2, 2, 3], elements, 3, null);
        Assert.That(list.Range(0), Is.EqualTo((0, 2)));
        Assert.That(list.Range(1), Is.EqualTo((2, 0)));
        Assert.That(list.Elements, Is.SameAs(elements));
        var row = new StructColumn(new StructType([new("x", elements.Type)]), [elements], 3, null);
        Assert.That(row.Fields, Is.EqualTo([elements]));
    }

    [Test]
    public void Types_are_spelt_as_in_SQL()
    {
        DataType number = new IntegerType(32, true);
        (DataType Type, string Name)[] names =
        [
            (new NullType(), "NULL"), (new BooleanType(), "BOOLEAN"),
            (new IntegerType(8, true), "TINYINT"), (new IntegerType(16, false), "USMALLINT"), (number, "INTEGER"), (new IntegerType(64, false), "UBIGINT"),
            (new IntegerType(128, true), "HUGEINT"), (new IntegerType(128, false), "UHUGEINT"),
            (new FloatType(32), "FLOAT"), (new FloatType(64), "DOUBLE"), (new DecimalType(18, 3), "DECIMAL(18,3)"),
            (new StringType(), "VARCHAR"), (new BinaryType(), "BLOB"), (new DateType(), "DATE"),
            (new TimeType(TimeUnit.Microsecond), "TIME"), (new TimeType(TimeUnit.Nanosecond), "TIME_NS"), (new OffsetTimeType(), "TIME WITH TIME ZONE"),
            (new TimestampType(TimeUnit.Second, false), "TIMESTAMP_S"), (new TimestampType(TimeUnit.Millisecond, false), "TIMESTAMP_MS"),
            (new TimestampType(TimeUnit.Microsecond, false), "TIMESTAMP"), (new TimestampType(TimeUnit.Nanosecond, false), "TIMESTAMP_NS"),
            (new TimestampType(TimeUnit.Microsecond, true), "TIMESTAMP WITH TIME ZONE"),
            (new IntervalType(), "INTERVAL"), (new UuidType(), "UUID"), (new OpaqueType("BIT"), "BIT"),
            (new EnumType(["a", "it's"]), "ENUM('a', 'it''s')"), (new EnumType([.. Enumerable.Range(0, 9).Select(i => i.ToString(CultureInfo.InvariantCulture))]), "ENUM(9 values)"),
            (new ListType(new ArrayType(number, 3)), "INTEGER[3][]"), (new MapType(new StringType(), number), "MAP(VARCHAR, INTEGER)"),
            (new StructType([new("a", number), new("b", new DateType())]), "STRUCT(a INTEGER, b DATE)"),
        ];
        foreach (var (type, name) in names) Assert.That(type.ToString(), Is.EqualTo(name));
    }

    [Test]
    public void Types_and_schemas_are_equal_by_content()
    {
        string[] letters = ["a", "b"];
        Field[] fields = [new("a", new DateType())];
        Assert.That(new EnumType([.. letters]), Is.EqualTo(new EnumType(["a", "b"])));
        Assert.That(new EnumType(["a", "b"]), Is.Not.EqualTo(new EnumType(["b", "a"])));
        Assert.That(new StructType([.. fields]), Is.EqualTo(new StructType([new("a", new DateType())])));
        Assert.That(new Schema([.. fields]), Is.EqualTo(new Schema([new("a", new DateType())])));
        Assert.That(new Schema([new("a", new DateType())]), Is.Not.EqualTo(new Schema([new("A", new DateType())])));
        Assert.That(new EnumType([.. Enumerable.Repeat("", 255)]).IndexWidth, Is.EqualTo(1));
        Assert.That(new EnumType([.. Enumerable.Repeat("", 256)]).IndexWidth, Is.EqualTo(2));
        Assert.That(new EnumType([.. Enumerable.Repeat("", 65_536)]).IndexWidth, Is.EqualTo(4));
    }
}
