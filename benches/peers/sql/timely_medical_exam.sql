-- How often an exam is due at an age in months.
WITH due AS (
  SELECT age, max(every_months) AS every_months
  FROM range(0, 1200) AS t(age) JOIN exam_schedule ON age >= from_months AND age < to_months
  WHERE kind = 'medical' GROUP BY ALL
),
-- On the last day of a month the months of age are those of the calendar.
stay AS (
  SELECT r.child_id, w.last_day, d.every_months
  FROM removal AS r
  JOIN windows(1, 0) AS w ON r.removed_on <= w.last_day - 31 AND coalesce(r.exited_on, 'infinity') > w.last_day
  JOIN child AS c USING (child_id)
  LEFT JOIN due AS d ON d.age = datediff('month', c.born_on, w.last_day)
),
cohort AS (
  SELECT s.last_day, s.child_id, s.last_day AS day,
         coalesce(e.examined_on > s.last_day - to_months(s.every_months::INTEGER), false) AS met
  FROM stay AS s ASOF LEFT JOIN (FROM exam WHERE kind = 'medical') AS e
    ON e.child_id = s.child_id AND e.examined_on <= s.last_day
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       count(*) FILTER (met) AS numerator, count(*) AS denominator, 100.0 * numerator / denominator AS value
FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
