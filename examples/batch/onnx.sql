-- A model goes out as an ONNX file, comes back, and answers the same.
--
--   mlsql run examples/batch/onnx.sql
--
-- The script trains a small classifier, writes it to out/weather.onnx (any tool that reads ONNX can run that file), imports
-- the file as a model of its own, and compares the two row by row. A file from scikit-learn, PyTorch or LightGBM is imported
-- in the same way. It can be run again and again.

-- Days with a temperature that is sometimes missing, a wind that is a word, and a date.
CREATE OR REPLACE TABLE days AS
SELECT *, temperature > 12 + 6 * sin(dayofyear(day) / 58.0) + CASE wind WHEN 'storm' THEN 8 WHEN 'calm' THEN -2 ELSE 0 END AS picnic
FROM (
    SELECT DATE '2020-01-01' + i::INT                                                       AS day,
           CASE WHEN hash(i, 1) % 12 > 0 THEN 5 + (hash(i, 2) % 2500) / 100.0 END            AS temperature,
           ['calm', 'breeze', 'storm'][1 + (hash(i, 3) % 3)::INT]                            AS wind,
           hash(i, 4) % 2 = 0                                                               AS weekend
    FROM range(2000) r(i));

TRAIN weather USING logistic_regression (l2_reg = 0.001) LABEL picnic AS
SELECT temperature, wind, weekend, day, coalesce(picnic, false) AS picnic FROM days;

-- Out: numbers, words, flags and dates go into the graph as they are; it standardises and encodes them itself.
EXPORT MODEL weather TO :'script_dir' || '/out/weather.onnx';

-- And back. What the graph's inputs are called, its columns are called; dates are numbers of days in ONNX.
IMPORT MODEL weather_onnx FROM :'script_dir' || '/out/weather.onnx';
DESCRIBE MODEL weather_onnx;

-- ONNX has no NULL: a missing temperature goes in as NaN, by itself.
CREATE OR REPLACE TABLE answers AS
SELECT day, temperature, wind, weekend,
       PREDICTION_PROBABILITY(weather, 'true' USING temperature, wind, weekend, day)                         AS ours,
       PREDICT_PROBA(weather_onnx USING temperature, wind, weekend, (day - DATE '1970-01-01') AS day)[2]     AS onnx
FROM days;

SELECT count(*) AS days, max(abs(ours - onnx)) AS largest_difference, count(*) FILTER (WHERE temperature IS NULL) AS without_temperature FROM answers;

SELECT day, temperature, wind, weekend, round(onnx, 3) AS probability FROM answers ORDER BY onnx DESC, day LIMIT 5;
