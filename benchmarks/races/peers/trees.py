"""Rows and graphs for the races of trees: rows of a generator in SQL as Parquet, a LightGBM model of 255 leaves, and each LightGBM model (text in, graph out) as an ONNX graph. Prints a line of JSON.

The graph decides as the model does on 32-bit rows: a threshold becomes the largest 32-bit number that is not above it."""
import json
import struct
import sys

import duckdb
import lightgbm
import numpy

generator, rows, folder, models = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]


def varint(number):
    out = b""
    while True:
        byte, number = number & 127, number >> 7
        out += bytes([byte | 128 if number else byte])
        if not number:
            return out


def field(number, value):
    """A field of protobuf: a number, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def attribute(name, value):
    if isinstance(value, str):
        return field(5, field(1, name) + field(4, value) + field(20, 3))
    if isinstance(value[0], str):
        return field(5, field(1, name) + b"".join(field(9, v) for v in value) + field(20, 8))
    if isinstance(value[0], float):
        return field(5, field(1, name) + b"".join(varint(7 << 3 | 5) + struct.pack("<f", v) for v in value) + field(20, 6))
    return field(5, field(1, name) + b"".join(field(8, v) for v in value) + field(20, 7))


def value_info(name, element, columns):
    shape = field(1, field(2, "N")) + (field(1, field(1, columns)) if columns else b"")
    return field(1, name) + field(2, field(1, field(1, element) + field(2, shape)))


def below(threshold):
    single = numpy.float32(threshold)
    return float(single if float(single) <= threshold else numpy.nextafter(single, numpy.float32(-numpy.inf)))


def graph(booster):
    n = {k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")}
    leaf = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}
    for tree, info in enumerate(booster.dump_model()["tree_info"]):
        todo, free = [(info["tree_structure"], 0)], 1
        while todo:
            node, number = todo.pop()
            inner = "split_index" in node
            if inner:
                assert node["decision_type"] == "<=" and node["missing_type"] == "None"
                todo += [(node["left_child"], free), (node["right_child"], free + 1)]
            else:
                for key, value in (("treeids", tree), ("nodeids", number), ("ids", 1), ("weights", float(node["leaf_value"]))):
                    leaf[key].append(value)
            for key, value in (
                ("treeids", tree), ("nodeids", number), ("featureids", node["split_feature"] if inner else 0), ("values", below(node["threshold"]) if inner else 0.0),
                ("modes", "BRANCH_LEQ" if inner else "LEAF"), ("truenodeids", free if inner else 0), ("falsenodeids", free + 1 if inner else 0),
            ):
                n[key].append(value)
            free += 2 if inner else 0
    attributes = [attribute("nodes_" + k, v) for k, v in n.items()] + [attribute("class_" + k, v) for k, v in leaf.items()]
    attributes += [attribute("classlabels_int64s", [0, 1]), attribute("post_transform", "LOGISTIC")]
    node = field(1, "X") + field(2, "label") + field(2, "probabilities") + field(4, "TreeEnsembleClassifier") + b"".join(attributes) + field(7, "ai.onnx.ml")
    body = field(1, node) + field(2, "trees") + field(11, value_info("X", 1, booster.num_feature())) + field(12, value_info("label", 7, 0)) + field(12, value_info("probabilities", 1, 2))
    return field(1, 4) + field(7, body) + field(8, field(1, "") + field(2, 9)) + field(8, field(1, "ai.onnx.ml") + field(2, 1))


connection = duckdb.connect()
names = [f"f{i:02d}" for i in range(28)]
training = 200_000
connection.execute(f"SET VARIABLE n_rows = {training + rows}")
connection.execute(open(generator).read())
columns = connection.execute(f"SELECT label, {', '.join(names)} FROM higgs_like WHERE row_id < {training} ORDER BY row_id").fetchnumpy()
matrix = numpy.stack([columns[n] for n in names], axis=1)
large = lightgbm.train({"objective": "binary", "num_leaves": 255, "verbose": -1, "seed": 1, "num_threads": 1}, lightgbm.Dataset(matrix, columns["label"]), 100)
large.save_model(f"{folder}/large.txt")
connection.execute(f"COPY (SELECT row_id AS i, {', '.join(n + '::FLOAT AS ' + n for n in names)} FROM higgs_like WHERE row_id >= {training} ORDER BY i) TO '{folder}/trees.parquet' (FORMAT parquet)")
for model in [*models, f"{folder}/large.txt"]:
    name = model.split("/")[-2] if model in models else "large"
    with open(f"{folder}/{name}.onnx", "wb") as out:
        out.write(graph(lightgbm.Booster(model_file=model)))
print(json.dumps({"rows": rows}))
