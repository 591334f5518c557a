-- A child's report is the first of a window when the one before it lies before the window. Several allegations of one
-- report do no harm: the one before lies on the same day.
WITH told AS (
  SELECT a.child_id, a.disposition, r.referral_id, r.worker_id, r.received_at, r.received_at::DATE AS day
  FROM allegation AS a JOIN referral AS r USING (referral_id)
  WHERE (a.disposition = 'substantiated' OR a.disposition IS NULL) AND r.received_at >= (SELECT min(first_day) FROM windows(6, 6))
),
in_order AS (
  SELECT *, lag(day) OVER (PARTITION BY child_id ORDER BY received_at, referral_id) AS day_before
  FROM told WHERE disposition = 'substantiated'
),
-- What nobody has decided yet leaves it open whether there was another: not met.
judged AS (
  SELECT o.*, NOT EXISTS (
      FROM told AS l
      WHERE l.child_id = o.child_id AND l.day > o.day + 14 AND l.day < o.day + INTERVAL 6 MONTH) AS met
  FROM in_order AS o
),
-- Whose a row is does not depend on the window, so it is looked up once.
whose AS (
  SELECT r.*, place
  FROM judged AS r
  LEFT JOIN post AS h ON h.worker_id = r.worker_id AND r.day >= h.from_on AND r.day < h.until_on
),
counted AS (
  SELECT w.last_day, place, count(*) FILTER (met) AS above, count(*) AS below
  FROM whose AS r JOIN windows(6, 6) AS w
    ON r.day >= w.first_day AND r.day <= w.last_day AND coalesce(r.day_before, '-infinity') < w.first_day
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
