-- The day on which a third home came: from then on there were more than two.
WITH home AS (
  SELECT removal_id, home_id, min(started_on) AS first_on
  FROM placement WHERE setting NOT IN ('trial_home_visit', 'runaway', 'hospital') GROUP BY ALL
),
third AS (
  SELECT removal_id, first_on AS third_home_on
  FROM home QUALIFY row_number() OVER (PARTITION BY removal_id ORDER BY first_on) = 3
),
stay AS (
  SELECT r.child_id, r.removed_on, t.third_home_on, w.last_day, least(r.exited_on, w.next_day) AS stay_end
  FROM removal AS r
  JOIN windows(12, 0) AS w
    ON r.removed_on <= w.last_day AND coalesce(r.exited_on, 'infinity') > w.first_day
   AND r.removed_on > w.first_day - INTERVAL 12 MONTH
  LEFT JOIN third AS t USING (removal_id)
),
cohort AS (
  SELECT last_day, child_id, stay_end - 1 AS day, coalesce(third_home_on >= stay_end, true) AS met
  FROM stay WHERE stay_end < removed_on + INTERVAL 12 MONTH AND stay_end - removed_on >= 8
),
counted AS (
  SELECT last_day, place, count(*) FILTER (met) AS above, count(*) AS below
  FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
