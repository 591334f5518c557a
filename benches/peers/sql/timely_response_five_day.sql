-- The fifth business day after a day, which need not be one itself.
WITH calendar AS (
  SELECT *, count(*) FILTER (business) OVER (ORDER BY day) AS nth
  FROM (SELECT c.day::DATE AS day, isodow(c.day) <= 5 AND h.day IS NULL AS business
        FROM generate_series((SELECT min(first_day) FROM windows(1, 1)), getvariable('as_of') + 60, INTERVAL 1 DAY) AS c(day)
        LEFT JOIN holiday AS h ON h.day = c.day::DATE)
),
deadline AS (
  SELECT c.day, f.day AS fifth_after FROM calendar AS c JOIN calendar AS f ON f.business AND f.nth = c.nth + 5
),
report AS (
  SELECT worker_id, received_at::DATE AS day, least(first_attempt_at, first_contact_at)::DATE AS answered_on
  FROM referral WHERE response = 'five_day' AND received_at >= (SELECT min(first_day) FROM windows(1, 1))
),
judged AS (
  SELECT r.*, coalesce(r.answered_on <= d.fifth_after, false) AS met
  FROM report AS r JOIN deadline AS d USING (day)
),
counted AS (
  SELECT last_day(r.day) AS last_day, place, count(*) FILTER (met) AS above, count(*) AS below
  FROM judged AS r LEFT JOIN post AS h ON h.worker_id = r.worker_id AND r.day >= h.from_on AND r.day < h.until_on
  WHERE r.day <= (SELECT max(last_day) FROM windows(1, 1))
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
