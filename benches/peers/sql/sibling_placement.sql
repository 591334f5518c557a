WITH placed AS MATERIALIZED (
  SELECT DISTINCT w.last_day, p.child_id, p.home_id
  FROM placement AS p JOIN windows(1, 0) AS w ON p.started_on <= w.last_day AND coalesce(p.ended_on, 'infinity') > w.last_day
),
-- Few of all pairs are of children who were placed in these months.
there AS (SELECT child_id FROM placement WHERE coalesce(ended_on, 'infinity') > (SELECT min(last_day) FROM windows(1, 0))),
pair AS MATERIALIZED (
  SELECT DISTINCT child_id, sibling_id FROM sibling
  WHERE child_id IN (SELECT child_id FROM there) AND sibling_id IN (SELECT child_id FROM there)
),
day AS (SELECT DISTINCT last_day, child_id FROM placed),
cohort AS (
  SELECT c.last_day, c.child_id, bool_and(own.home_id IS NOT NULL) AS met
  FROM day AS c
  JOIN pair AS s USING (child_id)
  JOIN placed AS theirs ON theirs.child_id = s.sibling_id AND theirs.last_day = c.last_day
  LEFT JOIN placed AS own ON own.child_id = c.child_id AND own.last_day = c.last_day AND own.home_id = theirs.home_id
  GROUP BY ALL
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
