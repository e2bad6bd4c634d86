"""LightGBM on a matrix that is there already: bins, then 100 trees. Prints times and the area under the curve on other rows as JSON."""
import json
import sys
import time

import lightgbm
import numpy
import pyarrow.parquet
from sklearn.metrics import roc_auc_score

train, test, leaves, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
names = [f"f{i:02}" for i in range(28)]


def rows(path):
    table = pyarrow.parquet.read_table(path)
    return numpy.stack([table[n].to_numpy() for n in names], axis=1).astype("float32"), table["label"].to_numpy()


x, y = rows(train)
options = {"objective": "binary", "num_leaves": leaves, "learning_rate": 0.1, "max_bin": 255, "min_data_in_leaf": 20, "num_threads": threads, "verbose": -1}
wall, cpu = time.perf_counter(), time.process_time()
model = lightgbm.train(options, lightgbm.Dataset(x, y, params=options), 100)
timing = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
x, y = rows(test)
print(json.dumps({**timing, "auc": roc_auc_score(y, model.predict(x, num_threads=threads))}))
