WITH first_ever AS (
  FROM removal QUALIFY row_number() OVER (PARTITION BY child_id ORDER BY removed_on, removal_id) = 1
),
judged AS (
  SELECT r.child_id, r.removed_on AS day,
         r.exit_type = 'reunification'
           AND (r.exited_on < r.removed_on + INTERVAL 12 MONTH
                OR r.exited_on < r.removed_on + INTERVAL 18 MONTH
               AND EXISTS (FROM placement AS v
                           WHERE v.removal_id = r.removal_id AND v.setting = 'trial_home_visit' AND v.ended_on = r.exited_on
                             AND v.started_on + 30 < r.removed_on + INTERVAL 12 MONTH)) AS met
  FROM first_ever AS r JOIN child USING (child_id)
  WHERE coalesce(r.exited_on, getvariable('as_of') + 1) - r.removed_on >= 8 AND r.removed_on < born_on + INTERVAL 18 YEAR
),
-- Whose a row is does not depend on the window, so it is looked up once.
whose AS (
  SELECT r.*, place
  FROM judged AS r
  LEFT JOIN held AS h ON h.child_id = r.child_id AND r.day >= h.from_on AND r.day < h.until_on
),
counted AS (
  SELECT w.last_day, place, count(*) FILTER (met) AS above, count(*) AS below
  FROM whose AS r JOIN windows(6, 18) AS w
    ON r.day >= w.first_day AND r.day <= w.last_day
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
