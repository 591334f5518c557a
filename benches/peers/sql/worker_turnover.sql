WITH cohort AS (
  SELECT w.last_day, s.worker_id, least(s.separated_on, w.next_day) - 1 AS day,
         coalesce(s.separated_on BETWEEN w.first_day AND w.last_day, false) AS met,
         greatest(least(coalesce(s.separated_on, 'infinity'), w.next_day) - greatest(s.hired_on, w.first_day), 0)
           / (w.next_day - w.first_day) AS share
  FROM worker AS s JOIN windows(12, 0) AS w ON s.hired_on <= w.last_day AND coalesce(s.separated_on, 'infinity') >= w.first_day
  WHERE s.position IN ('investigator', 'case_carrying')
),
counted AS (
  SELECT last_day, place, count(*) FILTER (met) AS above, sum(share) AS below
  FROM cohort AS c LEFT JOIN post AS h ON h.worker_id = c.worker_id AND c.day >= h.from_on AND c.day < h.until_on
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / nullif(denominator, 0) AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
