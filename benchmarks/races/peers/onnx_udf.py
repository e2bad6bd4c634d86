"""PREDICT as DuckDB's Python users write it: an Arrow function around ONNX Runtime, Parquet file to Parquet file. Prints times as JSON."""
import json
import sys
import time

import duckdb
import numpy
import onnxruntime
import pyarrow

data, model, out, threads, names = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5].split(",")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
inputs = session.get_inputs()
output = session.get_outputs()[1].name
kinds = {"tensor(float)": "float32", "tensor(double)": "float64"}


def score(columns):
    if len(inputs) == 1:
        matrix = numpy.stack([c.to_numpy(zero_copy_only=False) for c in columns], axis=1)
        fed = {inputs[0].name: matrix.astype(kinds[inputs[0].type]).reshape(-1, *inputs[0].shape[1:])}
    else:
        fed = {i.name: c.to_numpy(zero_copy_only=False).astype(kinds[i.type]).reshape(-1, 1) for i, c in zip(inputs, columns)}
    return pyarrow.array(session.run([output], fed)[0][:, -1].astype("float64"))


# The engine reads the number of parameters off the function's signature.
space = {"score": score}
exec(f"def predict({', '.join(names)}):\n    return score([c.combine_chunks() if hasattr(c, 'combine_chunks') else c for c in ({', '.join(names)},)])", space)
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}")
connection.create_function("predict", space["predict"], ["FLOAT"] * len(names), "DOUBLE", type="arrow")
# The first call imports what later ones have.
connection.execute(f"SELECT predict({', '.join(names)}) FROM '{data}' LIMIT 1").fetchall()
wall, cpu = time.perf_counter(), time.process_time()
connection.execute(f"COPY (SELECT i, predict({', '.join(names)}) AS p FROM '{data}') TO '{out}' (FORMAT parquet)")
print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))
