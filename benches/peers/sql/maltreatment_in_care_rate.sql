WITH stay AS (
  SELECT removal_id, child_id, removed_on, coalesce(exited_on, getvariable('as_of') + 1) AS end_on
  FROM removal WHERE exited_on IS NULL OR exited_on > removed_on
),
long_stay AS (FROM stay WHERE end_on - removed_on >= 8),
-- Stays that overlap are one, so that no day counts twice.
joined AS (
  SELECT child_id, min(removed_on) AS removed_on, max(end_on) AS end_on
  FROM (SELECT *, count(*) FILTER (fresh) OVER (PARTITION BY child_id ORDER BY removed_on, removal_id) AS island
        FROM (SELECT *, removed_on > max(end_on) OVER (
                  PARTITION BY child_id ORDER BY removed_on, removal_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS fresh
              FROM long_stay))
  GROUP BY child_id, island
),
told AS (
  SELECT a.child_id, a.incident_on, a.disposition, r.received_at::DATE AS day
  FROM allegation AS a JOIN referral AS r USING (referral_id)
  WHERE (a.disposition = 'substantiated' OR a.disposition IS NULL) AND a.child_id IN (SELECT child_id FROM long_stay)
),
event AS (
  SELECT DISTINCT t.child_id, t.day
  FROM told AS t JOIN long_stay AS s
    ON s.child_id = t.child_id AND t.day >= s.removed_on + 7 AND t.day < s.end_on
   AND (t.incident_on IS NULL OR (t.incident_on >= s.removed_on AND t.incident_on < s.end_on))
  WHERE t.disposition = 'substantiated'
    AND NOT EXISTS (FROM told AS e WHERE e.child_id = t.child_id AND e.day = t.day - 1)
),
-- The last day of care in the window is of any stay, also of a short one.
last_care AS (
  SELECT s.child_id, w.last_day, max(least(s.end_on - 1, w.last_day)) AS day
  FROM stay AS s JOIN windows(12, 1) AS w ON s.removed_on <= w.last_day AND s.end_on > w.first_day
  GROUP BY ALL
),
in_care AS (
  SELECT s.child_id, w.last_day, sum(least(s.end_on, w.next_day) - greatest(s.removed_on, w.first_day)) AS days
  FROM joined AS s JOIN windows(12, 1) AS w ON s.removed_on <= w.last_day AND s.end_on > w.first_day
  GROUP BY ALL
),
reported AS (
  SELECT e.child_id, w.last_day, count(*) AS reports
  FROM event AS e JOIN windows(12, 1) AS w ON e.day >= w.first_day AND e.day <= w.last_day
  GROUP BY ALL
),
cohort AS (
  SELECT last_day, child_id, l.day, d.days, coalesce(r.reports, 0) AS reports
  FROM in_care AS d JOIN last_care AS l USING (child_id, last_day) LEFT JOIN reported AS r USING (child_id, last_day)
)
SELECT level_of(grouping(bureau_id, office_id, unit_id, worker_id)) AS level,
       entity_of(grouping(bureau_id, office_id, unit_id, worker_id), bureau_id, office_id, unit_id, worker_id) AS entity_id,
       last_day AS window_end,
       sum(reports) AS numerator, sum(days) AS denominator, 100_000.0 * numerator / denominator AS value
FROM cohort AS c LEFT JOIN held AS h ON h.child_id = c.child_id AND c.day >= h.from_on AND c.day < h.until_on
GROUP BY GROUPING SETS ((last_day), (last_day, bureau_id), (last_day, office_id), (last_day, unit_id), (last_day, worker_id))
