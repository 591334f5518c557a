-- A child's report is the first of a window when the one before it lies before the window. Several allegations of one
-- report, and reports of one day, are one.
WITH report AS (
  SELECT a.child_id, r.referral_id, r.worker_id, r.received_at, r.received_at::DATE AS day
  FROM allegation AS a JOIN referral AS r USING (referral_id)
  WHERE r.response <> 'evaluated_out' AND r.received_at >= (SELECT min(first_day) FROM windows(12, 0))
),
in_order AS (
  SELECT child_id, worker_id, day, lag(day, 1, '-infinity') OVER (PARTITION BY child_id ORDER BY received_at, referral_id) AS day_before
  FROM report QUALIFY day_before < day
),
-- The entry that follows a day is the one that has none between.
entry AS (
  SELECT child_id, removed_on, lag(removed_on, 1, '-infinity') OVER (PARTITION BY child_id ORDER BY removed_on) AS removed_before
  FROM removal QUALIFY removed_before < removed_on
),
-- Whose a row is does not depend on the window, so it is looked up once.
whose AS (
  SELECT r.day, r.day_before, e.removed_on AS entered_on, place
  FROM in_order AS r
  LEFT JOIN entry AS e ON e.child_id = r.child_id AND e.removed_on >= r.day AND e.removed_before < r.day
  LEFT JOIN post AS h ON h.worker_id = r.worker_id AND r.day >= h.from_on AND r.day < h.until_on
),
counted AS (
  SELECT w.last_day, place, count(*) FILTER (r.entered_on <= w.last_day) AS above, count(*) AS below
  FROM whose AS r JOIN windows(12, 0) AS w ON r.day >= w.first_day AND r.day <= w.last_day AND r.day_before < w.first_day
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
