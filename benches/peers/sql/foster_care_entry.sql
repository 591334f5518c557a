-- A child's report is the first of a window when the one before it lies before the window.
WITH report AS (
  SELECT DISTINCT a.child_id, r.referral_id, r.worker_id, r.received_at, r.received_at::DATE AS day
  FROM allegation AS a JOIN referral AS r USING (referral_id)
  WHERE r.response <> 'evaluated_out' AND r.received_at >= (SELECT min(first_day) FROM windows(12, 0))
),
in_order AS (
  SELECT child_id, worker_id, day, lag(day) OVER (PARTITION BY child_id ORDER BY received_at, referral_id) AS day_before
  FROM report
),
with_entry AS (
  SELECT o.*, e.removed_on AS entered_on
  FROM in_order AS o ASOF LEFT JOIN removal AS e ON e.child_id = o.child_id AND e.removed_on >= o.day
),
cohort AS (
  SELECT w.last_day, r.worker_id, r.day, coalesce(r.entered_on <= w.last_day, false) AS met
  FROM with_entry AS r JOIN windows(12, 0) AS w
    ON r.day >= w.first_day AND r.day <= w.last_day AND coalesce(r.day_before, '-infinity') < w.first_day
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, c.worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, c.worker_id), bureau_id, office_id, unit_id, c.worker_id) AS entity_id,
       last_day AS window_end, count(*) FILTER (met) AS numerator, count(*) AS denominator, 100.0 * numerator / denominator AS value
FROM cohort AS c LEFT JOIN post AS h ON h.worker_id = c.worker_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, c.worker_id))
