-- A model goes out as an ONNX file, comes back, and answers the same.
--
--   mlsql run examples/batch/onnx.sql
--   mlsql run examples/batch/onnx.sql --engine spark
--
-- The script trains a small classifier, writes it to out/weather.onnx (any tool that reads ONNX can run that file), imports
-- the file as a model of its own, and compares the two row by row. A file from scikit-learn, PyTorch or LightGBM is imported
-- in the same way. It can be run again and again.

-- Days with a temperature that is sometimes missing, a wind that is a word, and a date. Remainders of products by primes
-- stand in for chance: every run makes the same days.
CREATE OR REPLACE TABLE days AS
SELECT *, temperature > 12 + 6 * sin(dayofyear(day) / 58) + CASE wind WHEN 'storm' THEN 8 WHEN 'calm' THEN -2 ELSE 0 END AS picnic
FROM (
    SELECT DATE '2020-01-01' + number::INT                                                             AS day,
           number + 18262                                                                             AS days_since_1970,
           CASE WHEN seed * 1226874159 % 2147483629 % 12 > 0 THEN 5 + seed * 62089911 % 2147483629 % 2500 / 100 END AS temperature,
           CASE seed * 397204094 % 2147483629 % 3 WHEN 0 THEN 'calm' WHEN 1 THEN 'breeze' ELSE 'storm' END AS wind,
           seed * 630360016 % 2147483629 % 2 = 0                                                      AS weekend
    FROM (SELECT id AS number, (id + 1) * 1103515245 % 2147483647 AS seed FROM range(2000) AS r (id)) AS seeds) AS drawn;

TRAIN weather USING logistic_regression (l2_reg = 0.001) LABEL picnic AS
SELECT temperature, wind, weekend, day, coalesce(picnic, false) AS picnic FROM days;

-- Out: numbers, words, flags and dates go into the graph as they are; it standardises and encodes them itself.
EXPORT MODEL weather TO :'script_dir' || '/out/weather.onnx';

-- And back. What the graph's inputs are called, its columns are called; dates are numbers of days in ONNX.
IMPORT MODEL weather_onnx FROM :'script_dir' || '/out/weather.onnx';
DESCRIBE MODEL weather_onnx;

-- ONNX has no NULL: a missing temperature goes in as NaN, by itself. And no BOOLEAN as a class: true comes back as 1.
CREATE OR REPLACE TABLE answers AS
SELECT day, temperature, wind, weekend,
       PREDICTION_PROBABILITY(weather, true USING temperature, wind, weekend, day)                            AS ours,
       PREDICTION_PROBABILITY(weather_onnx, 1 USING temperature, wind, weekend, days_since_1970 AS day)       AS onnx
FROM days;

SELECT count(*) AS days, max(abs(ours - onnx)) AS largest_difference, count(*) FILTER (WHERE temperature IS NULL) AS without_temperature FROM answers;

SELECT day, temperature, wind, weekend, round(onnx, 3) AS probability FROM answers ORDER BY onnx DESC, day LIMIT 5;
