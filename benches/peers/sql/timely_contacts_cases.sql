WITH seen AS (
  SELECT DISTINCT child_id, last_day(contacted_on) AS last_day
  FROM contact WHERE completed AND in_person AND contacted_on >= (SELECT min(first_day) FROM windows(1, 0))
    AND child_id IN (SELECT child_id FROM "case" WHERE coalesce(closed_on, 'infinity') > (SELECT min(last_day) FROM windows(1, 0)))
),
cohort AS (
  SELECT w.last_day, s.child_id, v.child_id IS NOT NULL AS met
  FROM "case" AS s JOIN windows(1, 0) AS w ON s.opened_on <= w.first_day AND coalesce(s.closed_on, 'infinity') > w.last_day
  LEFT JOIN seen AS v ON v.child_id = s.child_id AND v.last_day = w.last_day
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
