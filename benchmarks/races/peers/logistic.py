"""Logistic regression as scikit-learn's users write it: Parquet file to coefficients. Prints times and coefficients as JSON."""
import json
import sys
import time

import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

names = [f"f{i:02}" for i in range(28)]
wall, cpu = time.perf_counter(), time.process_time()
rows = pandas.read_parquet(sys.argv[1], columns=names + ["y"])
x = StandardScaler().fit_transform(rows[names].to_numpy(dtype="float64"))
model = LogisticRegression(C=1.0).fit(x, rows["y"].to_numpy())
print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "coef": list(model.coef_[0])}))
