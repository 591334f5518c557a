WITH cohort AS (
  SELECT w.last_day, p.child_id, w.last_day AS day, p.setting IN ('relative', 'nonrelated_extended_family') AS met
  FROM placement AS p JOIN windows(1, 0) AS w ON p.started_on <= w.last_day AND coalesce(p.ended_on, 'infinity') > w.last_day
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       count(*) FILTER (met) AS numerator, count(*) AS denominator, 100.0 * numerator / denominator AS value
FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
