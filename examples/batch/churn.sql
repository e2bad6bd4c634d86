-- Who is about to leave, and what to do about it.
--
--   mlsql run examples/batch/churn.sql
--   mlsql run examples/batch/churn.sql --engine spark
--
-- A telephone company wants to know which of its customers will leave next month, so that it can call them first.
-- The script makes its own data (nothing to download), trains three models, compares them on customers that none
-- of them has seen, writes predictions for these into the folder out/predictions.parquet, and prints whom to call. Both
-- engines print the same.
-- It can be run again and again: tables are replaced, and every TRAIN adds a version to its model.

-- 1. Data -------------------------------------------------------------------------------------------------------------

-- Numbers between 0 and 1 that depend on the customer only: every run makes the same customers, on either engine and any
-- number of threads. random() would not. Whole numbers below 2^31 are multiplied, and the remainder by a prime is kept.
CREATE OR REPLACE TEMP VIEW chances AS
SELECT customer_id,
       seed * 1996203893 % 2147483629 / 2147483629 AS mood,            seed * 1287348151 % 2147483629 / 2147483629 AS trend,
       seed * 2098136869 % 2147483629 / 2147483629 AS hunger,          seed *  950706376 % 2147483629 / 2147483629 AS talk,
       seed * 1343714438 % 2147483629 / 2147483629 AS careless,        seed *  742938285 % 2147483629 / 2147483629 AS age,
       seed * 1226874159 % 2147483629 / 2147483629 AS no_birth_date,   seed *   62089911 % 2147483629 / 2147483629 AS region,
       seed *  397204094 % 2147483629 / 2147483629 AS no_region,       seed *  630360016 % 2147483629 / 2147483629 AS channel,
       seed * 1580030173 % 2147483629 / 2147483629 AS joined,          seed * 1768507984 % 2147483629 / 2147483629 AS plan,
       seed *  784588716 % 2147483629 / 2147483629 AS term,            seed * 2012501203 % 2147483629 / 2147483629 AS renews,
       seed * 1583458089 % 2147483629 / 2147483629 AS direct_debit,    seed *  914358161 % 2147483629 / 2147483629 AS luck
FROM (SELECT id + 1 AS customer_id, (id + 1) * 1103515245 % 2147483647 AS seed FROM range(200000) AS r (id)) AS seeds;

-- The same for each of a customer's latest six months.
CREATE OR REPLACE TEMP VIEW monthly_chances AS
SELECT customer_id, number, month,
       seed * 1145868721 % 2147483629 / 2147483629 AS broken,          seed *  678243889 % 2147483629 / 2147483629 AS noise,
       seed * 1817129560 % 2147483629 / 2147483629 AS minutes,         seed * 1493834601 % 2147483629 / 2147483629 AS ticket,
       seed *  576328219 % 2147483629 / 2147483629 AS opened,          seed * 2043287617 % 2147483629 / 2147483629 AS topic,
       seed * 1401015190 % 2147483629 / 2147483629 AS solved,          seed *  867530927 % 2147483629 / 2147483629 AS unpaid,
       seed * 1693920233 % 2147483629 / 2147483629 AS late,            seed * 1032071117 % 2147483629 / 2147483629 AS days_late
FROM (SELECT id + 1 AS customer_id, number, month, (id * 8 + number + 1) * 1812433253 % 2147483647 AS seed
      FROM range(200000) AS r (id) CROSS JOIN (VALUES
          (0, DATE '2025-05-01'), (1, DATE '2025-06-01'), (2, DATE '2025-07-01'),
          (3, DATE '2025-08-01'), (4, DATE '2025-09-01'), (5, DATE '2025-10-01')) AS months (number, month)) AS seeds;

CREATE OR REPLACE TABLE plans AS
SELECT plan, monthly_fee::DOUBLE AS monthly_fee, included_gb::DOUBLE AS included_gb
FROM (VALUES
    ('mini',      8.99,   2.0),
    ('basic',    14.99,   6.0),
    ('plus',     24.99,  20.0),
    ('family',   39.99,  60.0),
    ('max',      54.99, 150.0)) AS p (plan, monthly_fee, included_gb);

-- What nobody can see but what drives everything else: how much a customer likes us, and where the usage is heading.
-- All about normal with mean 0 and deviation 1: the logistic curve turned round, which needs one number only.
CREATE OR REPLACE TEMP VIEW souls AS
SELECT customer_id, mood, 0.55 * trend + 0.1 * mood AS trend, hunger, talk, careless, luck
FROM (SELECT customer_id, luck,
             0.5513 * ln(mood / (1 - mood))          AS mood,
             0.5513 * ln(trend / (1 - trend))        AS trend,
             0.5513 * ln(hunger / (1 - hunger))      AS hunger,
             0.5513 * ln(talk / (1 - talk))          AS talk,
             0.5513 * ln(careless / (1 - careless))  AS careless
      FROM chances) AS drawn;

-- One customer in twelve did not tell the birth date, one in twenty the region. Today is the first of November 2025.
CREATE OR REPLACE TABLE customers AS
SELECT customer_id,
       CASE WHEN no_birth_date > 0.08 THEN DATE '2025-11-01' - (18 * 365 + floor(age * 60 * 365)::INT) END AS birth_date,
       CASE WHEN no_region <= 0.05 THEN NULL
            WHEN region < 0.25 THEN 'north' WHEN region < 0.45 THEN 'south' WHEN region < 0.61 THEN 'east'
            WHEN region < 0.75 THEN 'west'  WHEN region < 0.88 THEN 'capital' ELSE 'islands' END  AS region,
       CASE WHEN channel < 0.25 THEN 'shop' WHEN channel < 0.50 THEN 'online'
            WHEN channel < 0.75 THEN 'phone' ELSE 'partner' END                                   AS channel,
       DATE '2025-11-01' - (20 + floor(power(joined, 1.6) * 3600)::INT)                           AS joined_on
FROM chances;

-- Term contracts renew every one or two years; a monthly one can be left at any time.
CREATE OR REPLACE TABLE contracts AS
SELECT customer_id,
       CASE WHEN plan < 0.15 THEN 'mini' WHEN plan < 0.37 THEN 'basic' WHEN plan < 0.56 THEN 'plus'
            WHEN plan < 0.74 THEN 'family' ELSE 'max' END                                         AS plan,
       CASE WHEN term < 0.40 THEN 'monthly' WHEN term < 0.75 THEN 'one year' ELSE 'two years' END AS term,
       CASE WHEN term < 0.40 THEN NULL
            WHEN term < 0.75 THEN DATE '2025-11-01' + floor(renews * 365)::INT
            ELSE DATE '2025-11-01' + floor(renews * 730)::INT END                                 AS renews_on,
       direct_debit < 0.62                                                                        AS direct_debit
FROM chances;

-- Six months of usage. It grows or shrinks with the trend; for 3 % of the months the meter was broken.
CREATE OR REPLACE TABLE usage AS
SELECT customer_id, month,
       CASE WHEN broken > 0.03
            THEN round(included_gb * exp(-0.7 + 0.75 * hunger + 0.22 * trend * (number - 2.5) + 0.18 * 0.5513 * ln(noise / (1 - noise))), 3) END AS gigabytes,
       round(exp(4.6 + 0.8 * talk + 0.16 * trend * (number - 2.5) + 0.25 * 0.5513 * ln(minutes / (1 - minutes))), 1) AS minutes
FROM monthly_chances JOIN souls USING (customer_id) JOIN contracts USING (customer_id) JOIN plans USING (plan);

-- Unhappy customers write more often. Some tickets are still open.
CREATE OR REPLACE TABLE tickets AS
SELECT customer_id,
       DATE '2025-11-01' - (1 + floor(opened * 180)::INT)                                         AS opened_on,
       CASE WHEN topic < 0.25 THEN 'billing' WHEN topic < 0.50 THEN 'network' WHEN topic < 0.75 THEN 'device' ELSE 'other' END AS topic,
       solved < 0.7 + 0.08 * mood                                                                 AS solved
FROM monthly_chances JOIN souls USING (customer_id)
WHERE ticket < 0.16 - 0.07 * mood;

-- Six bills each; NULL in paid_on is a bill that is still open.
CREATE OR REPLACE TABLE payments AS
SELECT customer_id,
       month + 14                                                                                 AS due_on,
       CASE WHEN unpaid <= CASE WHEN direct_debit THEN 0.004 ELSE 0.03 END THEN NULL
            WHEN late < CASE WHEN direct_debit THEN 0.03 ELSE 0.22 END * exp(0.5 * careless) THEN month + 15 + floor(days_late * 40)::INT
            ELSE month + 14 END                                                                   AS paid_on
FROM monthly_chances JOIN souls USING (customer_id) JOIN contracts USING (customer_id);

-- 2. One row a customer -----------------------------------------------------------------------------------------------

-- The plain facts: what a report would show.
CREATE OR REPLACE TEMP TABLE facts AS
WITH used AS (
    SELECT customer_id,
           avg(gigabytes)                                                                AS gigabytes_a_month,
           avg(minutes)                                                                  AS minutes_a_month,
           avg(gigabytes) FILTER (WHERE month >= DATE '2025-09-01')                      AS gigabytes_lately,
           avg(gigabytes) FILTER (WHERE month < DATE '2025-09-01')                       AS gigabytes_before,
           avg(minutes) FILTER (WHERE month >= DATE '2025-09-01')                        AS minutes_lately,
           avg(minutes) FILTER (WHERE month < DATE '2025-09-01')                         AS minutes_before
    FROM usage GROUP BY ALL),
asked AS (
    SELECT customer_id, count(*) AS tickets, max(opened_on) AS last_ticket_on,
           count(*) FILTER (WHERE NOT solved)                                            AS open_tickets,
           max(opened_on) FILTER (WHERE NOT solved)                                      AS last_open_ticket_on
    FROM tickets GROUP BY ALL),
paid AS (
    SELECT customer_id, count(*) FILTER (WHERE paid_on IS NULL OR paid_on > due_on)      AS late_payments
    FROM payments GROUP BY ALL)
SELECT customer_id, birth_date, region, channel, joined_on, plan, monthly_fee, included_gb, term, renews_on, direct_debit,
       gigabytes_a_month, minutes_a_month, gigabytes_lately, gigabytes_before, minutes_lately, minutes_before,
       coalesce(tickets, 0) AS tickets, coalesce(open_tickets, 0) AS open_tickets, last_ticket_on, last_open_ticket_on, late_payments
FROM customers JOIN contracts USING (customer_id) JOIN plans USING (plan)
     JOIN used USING (customer_id) JOIN paid USING (customer_id) LEFT JOIN asked USING (customer_id);

-- What really happens next month. A model never sees this table's reasons, only whether the customer left.
-- People leave when a contract is about to renew, when they stop using what they pay for, when they pay far more than
-- they use, and when a recent question stays without an answer; much less when they have been here for years.
CREATE OR REPLACE TEMP TABLE outcomes AS
SELECT customer_id,
       luck < 1 / (1 + exp(-(
           - 3.05
           + CASE WHEN term = 'monthly' THEN 0.75 WHEN renews_on < DATE '2025-12-16' THEN 2.1 WHEN renews_on < DATE '2026-01-30' THEN 0.9 ELSE -0.9 END
           - 1.55 * ln(coalesce(gigabytes_lately, gigabytes_before, 1) / coalesce(gigabytes_before, gigabytes_lately, 1))
           + 0.55 * greatest(-1.5, ln(monthly_fee / coalesce(gigabytes_a_month, 5)))
           + CASE WHEN last_open_ticket_on > DATE '2025-10-02' THEN 1.9 WHEN last_open_ticket_on > DATE '2025-08-03' THEN 0.9 ELSE 0 END
           + CASE WHEN tickets >= 3 THEN 0.5 ELSE 0 END
           + CASE WHEN term = 'monthly' THEN 0.50 ELSE 0.12 END * least(late_payments, 4)
           - 0.55 * ln(2025 - year(joined_on) + (305 - dayofyear(joined_on)) / 365 + 0.15)
           + CASE region WHEN 'capital' THEN 0.35 WHEN 'islands' THEN -0.3 ELSE 0 END
           - 0.3 * mood))) AS churned
FROM facts JOIN souls USING (customer_id);

CREATE OR REPLACE TABLE features AS
SELECT facts.*,
       -- How things change says more than how they are: the latest two months against the four before.
       ln(gigabytes_lately / gigabytes_before)                                           AS data_trend,
       ln(minutes_lately / minutes_before)                                               AS talk_trend,
       -- What a gigabyte costs this customer; a ratio of two columns is nothing that a linear model finds by itself.
       ln(monthly_fee / gigabytes_a_month)                                               AS log_price_per_gb,
       -- The first of November is the 305th day of its year.
       ln(2025 - year(joined_on) + (305 - dayofyear(joined_on)) / 365 + 0.15)            AS log_years,
       -- A date means little, the time until it a lot, and not in proportion: buckets.
       CASE WHEN term = 'monthly' THEN 'any day' WHEN renews_on < DATE '2025-12-16' THEN 'within 45 days'
            WHEN renews_on < DATE '2026-01-30' THEN 'within 90 days' ELSE 'later' END   AS can_leave,
       CASE WHEN last_open_ticket_on IS NULL THEN 'none' WHEN last_open_ticket_on > DATE '2025-10-02' THEN 'last 30 days'
            WHEN last_open_ticket_on > DATE '2025-08-03' THEN 'last 90 days' ELSE 'older' END AS open_question,
       tickets >= 3                                                                      AS often_asked,
       -- Interaction: paying late is a sign of leaving where leaving is easy.
       CASE WHEN term = 'monthly' THEN late_payments ELSE 0 END                          AS late_on_monthly,
       -- Every fifth customer is kept aside. By number: the same ones in every run.
       customer_id * 1866104479 % 2147483647 % 5 = 0                                     AS is_holdout,
       churned
FROM facts JOIN outcomes USING (customer_id);

CREATE OR REPLACE TEMP VIEW holdout AS SELECT * EXCLUDE (is_holdout) FROM features WHERE is_holdout;

SELECT count(*) AS customers, round(100.0 * avg(churned::INT), 1) AS churn_percent, count(*) FILTER (WHERE is_holdout) AS held_out,
       count(*) FILTER (WHERE birth_date IS NULL) AS no_birth_date, count(*) FILTER (WHERE region IS NULL) AS no_region
FROM features;

-- 3. Three models -----------------------------------------------------------------------------------------------------

-- The first sees the plain facts. NULLs, categories and dates need no care: numbers are standardised, a NULL becomes
-- the mean, a category one column a level, a date its parts.
TRAIN churn_plain USING logistic_regression LABEL churned SEED 7 AS
SELECT churned, birth_date, region, channel, joined_on, plan, monthly_fee, term, renews_on, direct_debit,
       gigabytes_a_month, minutes_a_month, gigabytes_lately, tickets, open_tickets, last_ticket_on, late_payments
FROM features WHERE NOT is_holdout;

-- The second sees what somebody who knows the business would look at.
TRAIN churn_engineered USING logistic_regression LABEL churned SEED 7 AS
SELECT churned, birth_date, region, channel, plan, direct_debit, minutes_a_month, tickets, open_tickets, late_payments,
       data_trend, talk_trend, log_price_per_gb, log_years, can_leave, open_question, often_asked, late_on_monthly
FROM features WHERE NOT is_holdout;

-- The third gets the plain facts again, but trees: they find limits and interactions by themselves, take dates and NULLs as
-- they are, and divide categories into sets.
TRAIN churn_trees USING boosted_tree_classifier (num_trees = 60, max_leaves = 15) LABEL churned SEED 7 AS
SELECT churned, birth_date, region, channel, joined_on, plan, monthly_fee, term, renews_on, direct_debit,
       gigabytes_a_month, minutes_a_month, gigabytes_lately, gigabytes_before, tickets, open_tickets, last_ticket_on, last_open_ticket_on, late_payments
FROM features WHERE NOT is_holdout;

-- 4. Which one is best? On customers that none has seen ---------------------------------------------------------------

SELECT 'churn_plain' AS model, round(roc_auc, 4) AS roc_auc, round(log_loss, 4) AS log_loss, round(accuracy, 4) AS accuracy,
       round(precision, 4) AS precision, round(recall, 4) AS recall
FROM ML.EVALUATE(MODEL churn_plain, TABLE holdout)
UNION ALL
SELECT 'churn_engineered', round(roc_auc, 4), round(log_loss, 4), round(accuracy, 4), round(precision, 4), round(recall, 4)
FROM ML.EVALUATE(MODEL churn_engineered, TABLE holdout)
UNION ALL
SELECT 'churn_trees', round(roc_auc, 4), round(log_loss, 4), round(accuracy, 4), round(precision, 4), round(recall, 4)
FROM ML.EVALUATE(MODEL churn_trees, TABLE holdout);

-- What the trees look at: how often a fact divides customers, and what share of all that divisions gain is its own.
-- (EXPLAIN MODEL churn_trees shows all of them; EXPLAIN MODEL churn_plain ON holdout measures any model on rows.)
SELECT feature, importance_weight::INT AS splits,
       round(100 * importance_weight * importance_gain / sum(importance_weight * importance_gain) OVER (), 1) AS percent_of_gain
FROM ML.FEATURE_IMPORTANCE(MODEL churn_trees)
ORDER BY importance_weight * importance_gain DESC, feature
LIMIT 8;

-- 5. Predictions of the best one, into a folder -----------------------------------------------------------------------

-- A file a thread, in a folder that is replaced as a whole: what Spark does anyway, and DuckDB when asked.
COPY (
    SELECT customer_id, churned, region, plan, monthly_fee, can_leave, open_question, data_trend, log_price_per_gb, late_payments,
           PREDICTION_PROBABILITY(churn_engineered, true USING *) AS churn_probability
    FROM holdout
) TO (:'script_dir' || '/out/predictions.parquet') (FORMAT parquet, PER_THREAD_OUTPUT, OVERWRITE);

CREATE OR REPLACE TEMP VIEW predictions AS SELECT * FROM read_parquet(:'script_dir' || '/out/predictions.parquet/*.parquet');

-- 6. What it is good for ----------------------------------------------------------------------------------------------

-- Ten groups of one size, the likeliest to leave first. Lift: how many times more leave than on average.
-- Whoever calls the first two groups reaches more than half of those who would leave.
SELECT decile, count(*) AS customers,
       round(100 * avg(churn_probability), 1)                                        AS predicted_pct,
       round(100 * avg(churned::INT), 1)                                             AS churned_pct,
       round(avg(churned::INT) / (SELECT avg(churned::INT) FROM predictions), 2)     AS lift,
       round(100 * sum(sum(churned::INT)) OVER (ORDER BY decile) / sum(sum(churned::INT)) OVER (), 1) AS reached_pct
FROM (SELECT *, ntile(10) OVER (ORDER BY churn_probability DESC, customer_id) AS decile FROM predictions)
GROUP BY decile ORDER BY decile;

-- The fees of a year that are likely to be lost, by plan.
SELECT plan, count(*) AS customers, round(100 * avg(churn_probability), 1) AS churn_percent,
       round(sum(12 * monthly_fee))::BIGINT AS yearly_fees, round(sum(12 * monthly_fee * churn_probability))::BIGINT AS at_risk
FROM predictions GROUP BY plan ORDER BY at_risk DESC;

-- Ten customers to call today: those whose leaving would cost most, and what to talk about.
SELECT customer_id, plan, round(churn_probability, 3) AS probability, round(12 * monthly_fee * churn_probability, 2) AS at_risk,
       concat_ws(', ',
           CASE can_leave WHEN 'within 45 days' THEN 'contract ends' WHEN 'any day' THEN 'no term' END,
           CASE WHEN open_question = 'last 30 days' THEN 'open question' END,
           CASE WHEN data_trend < -0.4 THEN 'uses less' END,
           CASE WHEN log_price_per_gb > 1 THEN 'overpays' END,
           CASE WHEN late_payments >= 2 THEN 'pays late' END) AS talk_about
FROM predictions ORDER BY at_risk DESC, customer_id LIMIT 10;
