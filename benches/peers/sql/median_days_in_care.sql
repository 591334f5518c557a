WITH cohort AS (
  SELECT w.last_day, r.child_id, r.exited_on - 1 AS day, r.exited_on - r.removed_on AS days
  FROM removal AS r JOIN windows(12, 0) AS w ON r.exited_on >= w.first_day AND r.exited_on <= w.last_day
  WHERE r.exited_on - r.removed_on >= 8
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end, NULL AS numerator, count(*) AS denominator, median(days) AS value
FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
