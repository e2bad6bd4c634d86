-- A look around, to be run cell by cell against a server that is already there, or whole:
--
--   mlsql run examples/interactive/explore.sql --remote sc://localhost:15002
--   mlsql run examples/interactive/explore.sql
--
-- How long does a parcel take? A small model is trained from a sample, and the cluster predicts over all parcels with it.

-- [1] Two hundred thousand parcels. Remainders of products stand in for chance: the same parcels in every run.
CREATE OR REPLACE TABLE parcels AS
SELECT parcel_id, DATE '2025-01-01' + floor(a * 300)::INT AS sent_on, district, 0.3 + 12 * b * b AS km, 0.1 + 20 * c AS kg, d < 0.2 AS express,
       round((18 + 22 * ln(1 + b * b * 12) + CASE district WHEN 'old town' THEN 14 WHEN 'hills' THEN 9 WHEN 'harbour' THEN 4 ELSE 0 END + 0.5 * c * 20)
             * CASE WHEN d < 0.2 THEN 0.6 ELSE 1 END * (0.8 + 0.4 * e), 1) AS minutes
FROM (SELECT parcel_id, CASE WHEN seed % 10 < 4 THEN 'centre' WHEN seed % 10 < 6 THEN 'old town' WHEN seed % 10 < 9 THEN 'harbour' ELSE 'hills' END AS district,
             seed * 1226874159 % 2147483629 / 2147483629 AS a, seed * 742938285 % 2147483629 / 2147483629 AS b, seed * 950706376 % 2147483629 / 2147483629 AS c,
             seed * 1343714438 % 2147483629 / 2147483629 AS d, seed * 397204094 % 2147483629 / 2147483629 AS e
      FROM (SELECT id + 1 AS parcel_id, (id + 1) * 1103515245 % 2147483647 AS seed FROM range(200000) AS r (id)) AS seeds) AS drawn;

-- [2] What is in there?
SELECT district, count(*) AS parcels, round(avg(km), 1) AS km, round(avg(kg), 1) AS kg, round(avg(minutes), 1) AS minutes, max(minutes) AS longest
FROM parcels GROUP BY district ORDER BY district;

-- [3] A first model from every fiftieth parcel: only these rows leave the cluster.
TRAIN parcel_straight USING linear_regression LABEL minutes AS
SELECT district, km, kg, express, minutes FROM parcels WHERE parcel_id % 50 = 0;

-- [4] What has it learnt? Minutes a kilometre and a kilogram, and what an express courier saves.
SELECT processed_input, round(weight, 2) AS weight FROM ML.WEIGHTS(MODEL parcel_straight) WHERE weight IS NOT NULL;

-- [5] The first kilometre costs more than the tenth, and an express courier saves a share of the time: a second model.
TRAIN parcel_curved USING linear_regression LABEL minutes AS
SELECT district, km, ln(km + 0.7) AS log_km, kg, express, CASE WHEN express THEN ln(km + 0.7) ELSE 0 END AS express_log_km, minutes FROM parcels WHERE parcel_id % 50 = 0;

-- [6] Is it better, on parcels that neither has seen?
CREATE OR REPLACE TEMP VIEW unseen AS
SELECT *, ln(km + 0.7) AS log_km, CASE WHEN express THEN ln(km + 0.7) ELSE 0 END AS express_log_km FROM parcels WHERE parcel_id % 50 <> 0;

SELECT 'straight' AS model, round(mean_absolute_error, 2) AS minutes_off, round(r2_score, 4) AS r2 FROM ML.EVALUATE(MODEL parcel_straight, TABLE unseen)
UNION ALL
SELECT 'curved', round(mean_absolute_error, 2), round(r2_score, 4) FROM ML.EVALUATE(MODEL parcel_curved, TABLE unseen)
ORDER BY minutes_off DESC;

-- [7] How would a prediction be computed? On Spark a linear model becomes an expression of the query itself, and others are computed by a
-- worker beside the executor; on DuckDB both are a function inside the engine.
EXPLAIN PROGRAM SELECT parcel_id, PREDICT(parcel_curved USING *) AS expected FROM unseen;

-- [8] Over all the other parcels: where do promises break?
SELECT district, express, count(*) AS parcels, round(avg(expected), 1) AS expected, round(avg(minutes), 1) AS took,
       round(100 * avg((minutes > expected + 10)::INT), 2) AS late_pct
FROM (SELECT district, express, minutes, PREDICT(parcel_curved USING *) AS expected FROM unseen) AS predicted
GROUP BY district, express ORDER BY district, express;

-- [9] And how good is the model in each district?
EVALUATE parcel_curved ON unseen BY district;

-- [10] What lies in the store by now?
SELECT name, default_version, versions, estimator, label FROM mlsql.models WHERE name LIKE 'parcel%' ORDER BY name;
