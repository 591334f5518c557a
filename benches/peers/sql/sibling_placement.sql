WITH placed AS (
  SELECT DISTINCT w.last_day, p.child_id, p.home_id
  FROM placement AS p JOIN windows(1, 0) AS w ON p.started_on <= w.last_day AND coalesce(p.ended_on, 'infinity') > w.last_day
),
pair AS MATERIALIZED (
  SELECT DISTINCT p.last_day, p.child_id, s.sibling_id FROM placed AS p JOIN sibling AS s USING (child_id)
),
cohort AS (
  SELECT c.last_day, c.child_id, c.last_day AS day, bool_and(own.home_id IS NOT NULL) AS met
  FROM pair AS c
  JOIN placed AS theirs ON theirs.child_id = c.sibling_id AND theirs.last_day = c.last_day
  LEFT JOIN placed AS own ON own.child_id = c.child_id AND own.last_day = c.last_day AND own.home_id = theirs.home_id
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       count(*) FILTER (met) AS numerator, count(*) AS denominator, 100.0 * numerator / denominator AS value
FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
