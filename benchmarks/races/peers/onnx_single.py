"""ONNX Runtime alone, one row a call, of a matrix that is there already, on one thread. Prints times as JSON."""
import json
import sys
import time

import numpy
import onnxruntime
import pyarrow
import pyarrow.parquet

data, model, out, names = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(",")
table = pyarrow.parquet.read_table(data, columns=["i"] + names)
matrix = numpy.stack([table[n].to_numpy() for n in names], axis=1).astype("float32")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
name, output = session.get_inputs()[0].name, [session.get_outputs()[1].name]
rows = [matrix[i : i + 1] for i in range(len(matrix))]
found = numpy.empty(len(rows))
for row in rows[:1000]:
    session.run(output, {name: row})
wall, cpu = time.perf_counter(), time.process_time()
for i, row in enumerate(rows):
    found[i] = session.run(output, {name: row})[0][0, 1]
timing = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
pyarrow.parquet.write_table(pyarrow.table({"i": table["i"], "p": found}), out)
print(json.dumps(timing))
