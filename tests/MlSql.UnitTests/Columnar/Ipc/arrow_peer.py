"""The Arrow implementation of others, for ours to be held against.

arrow_peer.py made OUT            writes OUT: a stream with every type that ours reads, and prints its rows
arrow_peer.py rewrite FOLDER      checks every FOLDER/*.in and writes it again to *.out, sliced so that buffers begin within bytes
arrow_peer.py show FILE           checks FILE and prints its schema and rows
"""

import datetime
import decimal
import glob
import os
import sys

import pyarrow as pa


def made():
    utc = datetime.timezone.utc
    columns = {
        "null": pa.array([None] * 3, pa.null()),
        "bool": pa.array([True, None, False]),
        "i8": pa.array([-128, None, 127], pa.int8()),
        "i16": pa.array([-32768, None, 32767], pa.int16()),
        "i32": pa.array([-2147483648, None, 2147483647], pa.int32()),
        "i64": pa.array([-9223372036854775808, None, 9223372036854775807], pa.int64()),
        "u8": pa.array([0, None, 255], pa.uint8()),
        "u64": pa.array([0, None, 18446744073709551615], pa.uint64()),
        "f32": pa.array([1.5, None, -0.25], pa.float32()),
        "f64": pa.array([0.1, None, float("inf")], pa.float64()),
        "text": pa.array(["größe", None, ""]),
        "large": pa.array(["", None, "日本"], pa.large_utf8()),
        "bytes": pa.array([b"\x00\xff", None, b""]),
        "largebytes": pa.array([b"a", None, b"bc"], pa.large_binary()),
        "d4": pa.array([decimal.Decimal("-99.99"), None, decimal.Decimal("0.01")], pa.decimal128(4, 2)),
        "d9": pa.array([decimal.Decimal("-999999999"), None, decimal.Decimal("7")], pa.decimal128(9, 0)),
        "d18": pa.array([decimal.Decimal("-0.999999999999999999"), None, decimal.Decimal("0.5")], pa.decimal128(18, 18)),
        "d38": pa.array([decimal.Decimal("-" + "9" * 38), None, decimal.Decimal("1")], pa.decimal128(38, 0)),
        "date": pa.array([datetime.date(1969, 12, 31), None, datetime.date(2024, 2, 29)]),
        "time": pa.array([datetime.time(23, 59, 59, 999999), None, datetime.time(0, 0)], pa.time64("us")),
        "timens": pa.array([1, None, 86399999999999], pa.time64("ns")),
        "ts": pa.array([datetime.datetime(1969, 12, 31, 23, 59, 59), None, datetime.datetime(2024, 1, 2, 3, 4, 5, 6)], pa.timestamp("us")),
        "tsz": pa.array([datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=utc), None, datetime.datetime(1970, 1, 1, tzinfo=utc)], pa.timestamp("us", "Europe/Paris")),
        "duration": pa.array([datetime.timedelta(days=1, microseconds=1), None, datetime.timedelta(0)], pa.duration("us")),
        "interval": pa.array([(1, 2, 3000), None, (0, 0, 0)], pa.month_day_nano_interval()),
        "list": pa.array([[1, None], None, []], pa.list_(pa.int32())),
        "lists": pa.array([[["a"], None], None, [[]]], pa.list_(pa.list_(pa.string()))),
        "array": pa.array([[1.0, 2.0], None, [None, 4.0]], pa.list_(pa.float64(), 2)),
        "map": pa.array([[("k", 1), ("l", None)], None, []], pa.map_(pa.string(), pa.int64())),
        "struct": pa.array([{"a": 1, "b": None}, None, {"a": None, "b": [True]}], pa.struct([("a", pa.int8()), ("b", pa.list_(pa.bool_()))])),
        "empty": pa.array([{}, None, {}], pa.struct([])),
    }
    return pa.record_batch(columns)


def write(path, schema, batches):
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def read(path):
    with pa.OSFile(path, "rb") as source, pa.ipc.open_stream(source) as reader:
        batches = list(reader)
        for batch in batches:
            batch.validate(full=True)
        return reader.schema, batches


def rewrite(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.in"))):
        schema, batches = read(path)
        parts = []
        for i, batch in enumerate(batches):
            cut = min(batch.num_rows, 3 * i + 1)
            # A batch of no columns cannot be sliced: its rows would be lost.
            parts += [batch.slice(0, cut), batch.slice(cut)] if batch.num_columns else [batch]
        write(path[:-3] + ".out", schema, parts)


if __name__ == "__main__":
    print("pyarrow", pa.__version__)
    if sys.argv[1] == "made":
        batch = made()
        write(sys.argv[2], batch.schema, [batch, batch.slice(1, 1), batch.slice(0, 0)])
    elif sys.argv[1] == "rewrite":
        rewrite(sys.argv[2])
    else:
        schema, batches = read(sys.argv[2])
        print(schema)
        for batch in batches:
            for row in batch.to_pylist():
                print(row)
