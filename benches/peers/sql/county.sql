-- What the queries share. Before it: SET VARIABLE data (the county's folder) and as_of (its last whole day).

CREATE VIEW allegation    AS FROM read_parquet(getvariable('data') || '/allegation.parquet');
CREATE VIEW assignment    AS FROM read_parquet(getvariable('data') || '/assignment.parquet');
CREATE VIEW "case"        AS FROM read_parquet(getvariable('data') || '/case.parquet');
CREATE VIEW child         AS FROM read_parquet(getvariable('data') || '/child.parquet');
CREATE VIEW contact       AS FROM read_parquet(getvariable('data') || '/contact.parquet');
CREATE VIEW exam          AS FROM read_parquet(getvariable('data') || '/exam.parquet');
CREATE VIEW exam_schedule AS FROM read_parquet(getvariable('data') || '/exam_schedule.parquet');
CREATE VIEW holiday       AS FROM read_parquet(getvariable('data') || '/holiday.parquet');
CREATE VIEW office        AS FROM read_parquet(getvariable('data') || '/office.parquet');
CREATE VIEW placement     AS FROM read_parquet(getvariable('data') || '/placement.parquet');
CREATE VIEW referral      AS FROM read_parquet(getvariable('data') || '/referral.parquet');
CREATE VIEW removal       AS FROM read_parquet(getvariable('data') || '/removal.parquet');
CREATE VIEW sibling       AS FROM read_parquet(getvariable('data') || '/sibling.parquet');
CREATE VIEW unit          AS FROM read_parquet(getvariable('data') || '/unit.parquet');
CREATE VIEW worker        AS FROM read_parquet(getvariable('data') || '/worker.parquet');
CREATE VIEW worker_unit   AS FROM read_parquet(getvariable('data') || '/worker_unit.parquet');

-- The 24 windows of so many months that show at the as-of date, when an outcome is known so many whole months later.
CREATE MACRO windows(months, wait) AS TABLE
  SELECT (next_day - to_months(months))::DATE AS first_day,
         (next_day - INTERVAL 1 DAY)::DATE AS last_day,
         next_day::DATE AS next_day
  FROM (SELECT date_trunc('month', getvariable('as_of') + 1) - to_months(wait + back) AS next_day FROM range(24) AS t(back));

-- Where a worker sits, day by day, gaps included: every worker has one row on every day.
CREATE TEMP TABLE seat AS
WITH stay AS (
  SELECT worker_id, unit_id, office_id, bureau_id, from_on, coalesce(until_on, 'infinity') AS until_on
  FROM worker_unit JOIN unit USING (unit_id) JOIN office USING (office_id)
  WHERE until_on IS NULL OR until_on > from_on
)
FROM stay
UNION ALL
SELECT worker_id, NULL, NULL, NULL, DATE '-infinity', coalesce(min(from_on), 'infinity')
FROM worker LEFT JOIN stay USING (worker_id) GROUP BY ALL
UNION ALL
FROM (SELECT worker_id, NULL, NULL, NULL, until_on AS gap_from,
             lead(from_on, 1, 'infinity') OVER (PARTITION BY worker_id ORDER BY from_on) AS gap_until
      FROM stay)
WHERE gap_from < gap_until;

-- A worker in a unit as one number: rows are counted by it, and what they add up to is looked up by name.
CREATE TEMP TABLE place AS
SELECT row_number() OVER ()::INTEGER AS place, * FROM (SELECT DISTINCT worker_id, unit_id, office_id, bureau_id FROM seat);

CREATE TEMP TABLE post AS
SELECT s.worker_id, place, from_on, until_on
FROM seat AS s JOIN place AS p
  ON p.worker_id = s.worker_id AND p.unit_id IS NOT DISTINCT FROM s.unit_id;

-- Whose a child is, day by day: the worker responsible, and where the worker sits. No window reaches further back.
CREATE TEMP TABLE held AS
SELECT child_id, place,
       greatest(a.from_on, p.from_on) AS from_on, least(coalesce(a.until_on, 'infinity'), p.until_on) AS until_on
FROM assignment AS a JOIN post AS p USING (worker_id)
WHERE p.from_on < coalesce(a.until_on, 'infinity') AND p.until_on > a.from_on AND (a.until_on IS NULL OR a.until_on > a.from_on)
  AND coalesce(a.until_on, 'infinity') > getvariable('as_of') - INTERVAL 4 YEAR;

-- Names of what GROUPING SETS over (bureau, office, unit, worker) gives.
CREATE MACRO level_of(sets) AS
  CASE sets WHEN 15 THEN 'department' WHEN 7 THEN 'bureau' WHEN 11 THEN 'office' WHEN 13 THEN 'unit' ELSE 'worker' END;
CREATE MACRO entity_of(sets, bureau, office, unit, worker) AS
  CASE WHEN sets = 15 THEN 'department' ELSE coalesce(bureau, office, unit, worker, 'unassigned') END;
