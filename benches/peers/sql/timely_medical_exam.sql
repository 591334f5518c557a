-- How often an exam is due at an age in months.
WITH due AS (
  SELECT age, max(every_months)::INTEGER AS every_months
  FROM range(0, 1200) AS t(age) JOIN exam_schedule ON age >= from_months AND age < to_months
  WHERE kind = 'medical' GROUP BY ALL
),
-- Before the windows multiply the stays, not after.
born AS MATERIALIZED (
  SELECT child_id, removed_on, coalesce(exited_on, 'infinity') AS until_on, born_on
  FROM removal JOIN child USING (child_id) WHERE until_on > (SELECT min(last_day) FROM windows(1, 0))
),
-- On the last day of a month the months of age are those of the calendar.
stay AS (
  SELECT r.child_id, w.last_day, d.every_months
  FROM born AS r
  JOIN windows(1, 0) AS w ON r.removed_on <= w.last_day - 31 AND r.until_on > w.last_day
  LEFT JOIN due AS d ON d.age = datediff('month', r.born_on, w.last_day)
),
-- The latest exam before a day is the one that no other follows before that day.
seen AS (
  SELECT child_id, examined_on, lead(examined_on, 1, 'infinity') OVER (PARTITION BY child_id ORDER BY examined_on) AS next_on
  FROM exam WHERE kind = 'medical' QUALIFY next_on > examined_on
),
cohort AS (
  SELECT s.last_day, s.child_id, coalesce(e.examined_on > s.last_day - to_months(s.every_months), false) AS met
  FROM stay AS s LEFT JOIN seen AS e ON e.child_id = s.child_id AND e.examined_on <= s.last_day AND e.next_on > s.last_day
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
