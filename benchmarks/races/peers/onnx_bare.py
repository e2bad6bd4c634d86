"""ONNX Runtime alone, in batches of 2,048 rows of a matrix that is there already, on one thread. Prints times as JSON."""
import json
import sys
import time

import numpy
import onnxruntime
import pyarrow
import pyarrow.parquet

data, model, out, names = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[5].split(",")
table = pyarrow.parquet.read_table(data, columns=["i"] + names)
matrix = numpy.stack([table[n].to_numpy() for n in names], axis=1).astype("float32")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
name, shape, output = session.get_inputs()[0].name, session.get_inputs()[0].shape[1:], session.get_outputs()[1].name
found = []
wall, cpu = time.perf_counter(), time.process_time()
for start in range(0, len(matrix), 2048):
    found.append(session.run([output], {name: matrix[start : start + 2048].reshape(-1, *shape)})[0])
timing = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
pyarrow.parquet.write_table(pyarrow.table({"i": table["i"], "p": numpy.concatenate(found)[:, -1].astype("float64")}), out)
print(json.dumps(timing))
