"""LightGBM's own predict on a matrix that is there already, on one thread. Prints times as JSON."""
import json
import sys
import time

import lightgbm
import numpy
import pyarrow
import pyarrow.parquet

data, model, out = sys.argv[1:]
table = pyarrow.parquet.read_table(data)
matrix = numpy.stack([table[f"f{i:02}"].to_numpy() for i in range(28)], axis=1).astype("float32")
booster = lightgbm.Booster(model_file=model)
wall, cpu = time.perf_counter(), time.process_time()
found = booster.predict(matrix, num_threads=1)
timing = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
pyarrow.parquet.write_table(pyarrow.table({"i": table["i"], "p": found}), out)
print(json.dumps(timing))
