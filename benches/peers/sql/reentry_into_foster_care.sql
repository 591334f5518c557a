-- An exit is the child's last of a window when the next one lies after the window.
WITH out AS (
  SELECT removal_id, child_id, exited_on, lead(exited_on) OVER (PARTITION BY child_id ORDER BY exited_on, removal_id) AS next_exit
  FROM removal WHERE exit_type = 'reunification' AND exited_on IS NOT NULL
),
judged AS (
  SELECT o.*, EXISTS (
      FROM removal AS l
      WHERE l.child_id = o.child_id AND l.removal_id <> o.removal_id
        AND l.removed_on >= o.exited_on AND l.removed_on < o.exited_on + INTERVAL 12 MONTH) AS met
  FROM out AS o
),
-- Whose a row is does not depend on the window, so it is looked up once.
whose AS (
  SELECT r.*, place
  FROM judged AS r
  LEFT JOIN held AS h ON h.child_id = r.child_id AND r.exited_on - 1 >= h.from_on AND r.exited_on - 1 < h.until_on
),
counted AS (
  SELECT w.last_day, place, count(*) FILTER (met) AS above, count(*) AS below
  FROM whose AS r JOIN windows(12, 12) AS w
    ON r.exited_on >= w.first_day AND r.exited_on <= w.last_day AND coalesce(r.next_exit, 'infinity') > w.last_day
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
