WITH cohort AS (
  SELECT w.last_day, p.child_id, p.setting IN ('relative', 'nonrelated_extended_family') AS met
  FROM placement AS p JOIN windows(1, 0) AS w ON p.started_on <= w.last_day AND coalesce(p.ended_on, 'infinity') > w.last_day
),
counted AS (
  SELECT last_day, place, count(*) FILTER (met) AS above, count(*) AS below
  FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.last_day >= h.from_on AND c.last_day < h.until_on
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
