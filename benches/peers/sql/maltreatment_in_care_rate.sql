-- Stays that overlap are one, so that no day counts twice: of each, the days from where the earlier ones end.
-- Stays of under 8 days have none of their own.
WITH stay AS (
  SELECT child_id, removed_on, coalesce(exited_on, getvariable('as_of') + 1) AS end_on, end_on - removed_on >= 8 AS long,
         CASE WHEN long THEN greatest(removed_on, max(end_on) FILTER (long) OVER (
             PARTITION BY child_id ORDER BY removed_on, removal_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
           ELSE end_on END AS new_on
  FROM removal WHERE exited_on IS NULL OR exited_on > removed_on
),
-- A report of the day before the first window may be the earlier one of two.
told AS (
  SELECT a.child_id, a.incident_on, a.disposition, r.received_at::DATE AS day
  FROM allegation AS a JOIN referral AS r USING (referral_id)
  WHERE (a.disposition = 'substantiated' OR a.disposition IS NULL) AND a.child_id IN (SELECT child_id FROM stay WHERE long)
    AND r.received_at >= (SELECT min(first_day) - 1 FROM windows(12, 1))
),
event AS (
  SELECT DISTINCT t.child_id, t.day
  FROM told AS t JOIN stay AS s
    ON s.child_id = t.child_id AND s.long AND t.day >= s.removed_on + 7 AND t.day < s.end_on
   AND (t.incident_on IS NULL OR (t.incident_on >= s.removed_on AND t.incident_on < s.end_on))
  WHERE t.disposition = 'substantiated'
    AND NOT EXISTS (FROM told AS e WHERE e.child_id = t.child_id AND e.day = t.day - 1)
),
-- The last day of care in the window is of any stay, also of a short one.
in_care AS (
  SELECT s.child_id, w.last_day, max(least(s.end_on - 1, w.last_day)) AS day,
         sum(greatest(least(s.end_on, w.next_day) - greatest(s.new_on, w.first_day), 0)) AS days
  FROM stay AS s JOIN windows(12, 1) AS w ON s.removed_on <= w.last_day AND s.end_on > w.first_day
  GROUP BY ALL HAVING bool_or(s.long)
),
reported AS (
  SELECT e.child_id, w.last_day, count(*) AS reports
  FROM event AS e JOIN windows(12, 1) AS w ON e.day >= w.first_day AND e.day <= w.last_day
  GROUP BY ALL
),
cohort AS (
  SELECT last_day, child_id, d.day, d.days, coalesce(r.reports, 0) AS reports
  FROM in_care AS d LEFT JOIN reported AS r USING (child_id, last_day)
),
counted AS (
  SELECT last_day, place, sum(reports) AS above, sum(days) AS below
  FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
  GROUP BY ALL
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(above) AS numerator, sum(below) AS denominator, 100_000.0 * numerator / denominator AS value
FROM counted LEFT JOIN place USING (place)
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
