-- The fifth business day after a day: five further in the list of business days.
WITH business_day AS (
  SELECT day, lead(day, 5) OVER (ORDER BY day) AS fifth_after
  FROM (SELECT unnest(generate_series(DATE '1990-01-01', getvariable('as_of') + 60, INTERVAL 1 DAY))::DATE AS day)
  WHERE isodow(day) <= 5 AND day NOT IN (SELECT day FROM holiday)
),
report AS (
  SELECT worker_id, received_at::DATE AS day, least(first_attempt_at, first_contact_at)::DATE AS answered_on
  FROM referral WHERE response = 'five_day' AND received_at >= (SELECT min(first_day) FROM windows(1, 1))
),
-- A report of a day off counts from the business day before it.
judged AS (
  SELECT r.*, coalesce(r.answered_on <= b.fifth_after, false) AS met
  FROM report AS r ASOF JOIN business_day AS b ON b.day <= r.day
),
cohort AS (
  SELECT w.last_day, r.worker_id, r.day, r.met
  FROM judged AS r JOIN windows(1, 1) AS w ON r.day >= w.first_day AND r.day <= w.last_day
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, c.worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, c.worker_id), bureau_id, office_id, unit_id, c.worker_id) AS entity_id,
       last_day AS window_end, count(*) FILTER (met) AS numerator, count(*) AS denominator, 100.0 * numerator / denominator AS value
FROM cohort AS c LEFT JOIN post AS h ON h.worker_id = c.worker_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, c.worker_id))
