"""Stock PySpark over Spark Connect, as its users write it: spark_connect.py ADDRESS. Answers each line of JSON with one: {"wall": seconds} or {"error": text}."""
import json
import sys
import time

import spark_functions
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf


def open_session():
    return SparkSession.builder.remote(sys.argv[1]).create()


def register(session, function):
    body = spark_functions.scorer(function["model"]) if function["model"] else spark_functions.first
    session.udf.register(function["name"], arrow_udf(body, function["type"]))


def answer(asked):
    """Each run's time: a query in the session that there is, a fresh session with its function and first query, a query into Parquet files."""
    if asked["do"] == "register":
        register(shared, asked["function"])
        return 0.0
    start = time.perf_counter()
    if asked["do"] == "write":
        shared.sql(asked["sql"]).write.mode("overwrite").parquet(asked["path"])
    elif asked["do"] == "query":
        shared.sql(asked["sql"]).toArrow()
    elif asked["do"] == "first":
        fresh = open_session()
        register(fresh, asked["function"])
        fresh.sql(asked["sql"]).toArrow()
        wall = time.perf_counter() - start
        fresh.stop()
        return wall
    else:
        raise ValueError(asked["do"])
    return time.perf_counter() - start


shared = open_session()
for line in sys.stdin:
    try:
        print(json.dumps({"wall": answer(json.loads(line))}), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
shared.stop()
