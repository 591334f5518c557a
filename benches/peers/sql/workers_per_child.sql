WITH stay AS (
  SELECT r.removal_id, r.child_id, w.first_day, w.last_day
  FROM removal AS r JOIN windows(12, 0) AS w ON r.removed_on <= w.first_day AND coalesce(r.exited_on, 'infinity') > w.last_day
),
cohort AS (
  SELECT s.child_id, s.last_day, count(DISTINCT a.worker_id) AS workers
  FROM stay AS s LEFT JOIN assignment AS a
    ON a.child_id = s.child_id AND a.from_on <= s.last_day AND coalesce(a.until_on, 'infinity') > greatest(s.first_day, a.from_on)
  GROUP BY s.removal_id, s.child_id, s.last_day
),
counted AS (
  SELECT last_day, place, sum(workers) AS above, count(*) AS below
  FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.last_day >= h.from_on AND c.last_day < h.until_on
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
