"""Runs ONNX graphs: argv[1] is a JSON file with a list of {name, model, inputs}, argv[2] takes the results.

A tensor is {type, shape, values}; doubles travel as the whole numbers of their bits.
"""
import json
import sys

import numpy as np
import onnxruntime


def tensor(given):
    kind, shape, values = given["type"], given["shape"], given["values"]
    if kind == "double":
        return np.array(values, dtype=np.int64).view(np.float64).reshape(shape)
    dtype = {"int64": np.int64, "bool": np.bool_, "string": object}[kind]
    return np.array(values, dtype=dtype).reshape(shape)


def result(array):
    kind = {"f": "double", "i": "int64", "O": "string", "U": "string"}[array.dtype.kind]
    values = array.astype(np.float64).view(np.int64) if kind == "double" else array
    return {"type": kind, "item": array.dtype.itemsize, "shape": list(array.shape), "values": values.ravel().tolist()}


def run(job):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 2
    try:
        session = onnxruntime.InferenceSession(job["model"], options, providers=["CPUExecutionProvider"])
        outputs = session.run(None, {name: tensor(given) for name, given in job["inputs"].items()})
    except Exception as fault:
        return {"name": job["name"], "fault": str(fault)}
    meta = session.get_modelmeta()
    return {
        "name": job["name"],
        "producer": meta.producer_name,
        "metadata": meta.custom_metadata_map,
        "inputs": [{"name": i.name, "type": i.type, "shape": i.shape} for i in session.get_inputs()],
        "outputs": [dict(result(np.asarray(o)), name=d.name) for d, o in zip(session.get_outputs(), outputs)],
    }


with open(sys.argv[1], encoding="utf-8") as jobs:
    results = [run(job) for job in json.load(jobs)]
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump({"version": onnxruntime.__version__, "results": results}, out)
