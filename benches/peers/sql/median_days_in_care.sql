-- Whose a row is does not depend on the window, so it is looked up once.
WITH whose AS (
  SELECT exited_on, exited_on - removed_on AS days, place
  FROM removal AS r
  LEFT JOIN held AS h ON h.child_id = r.child_id AND r.exited_on - 1 >= h.from_on AND r.exited_on - 1 < h.until_on
  WHERE exited_on - removed_on >= 8
),
cohort AS (
  SELECT w.last_day, r.* FROM whose AS r JOIN windows(12, 0) AS w ON r.exited_on >= w.first_day AND r.exited_on <= w.last_day
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       NULL AS numerator, count(*) AS denominator, median(days) AS value
FROM cohort LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
