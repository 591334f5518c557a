-- A child's report is the first of a window when the one before it lies before the window. Several allegations of one
-- report do no harm: the one before lies on the same day.
WITH report AS (
  SELECT a.child_id, r.referral_id, r.worker_id, r.received_at, r.received_at::DATE AS day
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
-- Whose a row is does not depend on the window, so it is looked up once.
whose AS (
  SELECT r.*, bureau_id, office_id, unit_id
  FROM with_entry AS r
  LEFT JOIN post AS h ON h.worker_id = r.worker_id AND r.day >= h.from_on AND r.day < h.until_on
),
cohort AS (
  SELECT w.last_day, bureau_id, office_id, unit_id, worker_id, coalesce(r.entered_on <= w.last_day, false) AS met
  FROM whose AS r JOIN windows(12, 0) AS w
    ON r.day >= w.first_day AND r.day <= w.last_day AND coalesce(r.day_before, '-infinity') < w.first_day
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       count(*) FILTER (met) AS numerator, count(*) AS denominator, 100.0 * numerator / denominator AS value
FROM cohort
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
