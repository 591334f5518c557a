-- A county as ehrQL takes it: each table has a whole number `patient_id`, and every question stays within one of them.
-- Nothing leads from one table to another but by it, so what belongs to a row (a report's answer, whose it is) is written
-- beside it here. Before it: ../sql/county.sql. What is called x__y becomes the table y of the folder x.
CREATE TEMP TABLE who AS SELECT child_id, row_number() OVER (ORDER BY child_id)::INTEGER AS patient_id FROM child;
CREATE TEMP TABLE seats AS FROM post JOIN place USING (place, worker_id);
CREATE TEMP TABLE holders AS
  SELECT child_id, from_on, nullif(until_on, 'infinity') AS until_on, worker_id, unit_id, office_id, bureau_id
  FROM held JOIN place USING (place);

CREATE TEMP TABLE children__child AS SELECT patient_id, born_on FROM child JOIN who USING (child_id);
CREATE TEMP TABLE children__held AS SELECT patient_id, h.* EXCLUDE child_id FROM holders AS h JOIN who USING (child_id);
CREATE TEMP TABLE children__allegation AS
  SELECT patient_id, r.received_at::DATE AS received_on, row_number() OVER (ORDER BY r.received_at, referral_id)::INTEGER AS received_order,
         response, disposition, r.worker_id, unit_id, office_id, bureau_id
  FROM allegation JOIN referral AS r USING (referral_id) JOIN who USING (child_id)
  LEFT JOIN seats AS s ON s.worker_id = r.worker_id AND r.received_at::DATE >= s.from_on AND r.received_at::DATE < s.until_on;
CREATE TEMP TABLE children__removal AS
  SELECT patient_id, row_number() OVER (ORDER BY removal_id)::INTEGER AS removal, removal_id, removed_on, exited_on, exit_type
  FROM removal JOIN who USING (child_id);
CREATE TEMP TABLE children__placement AS
  SELECT patient_id, removal_id, home_id, started_on, ended_on, setting FROM placement JOIN who USING (child_id);
CREATE TEMP TABLE children__services AS SELECT patient_id, opened_on, closed_on FROM "case" JOIN who USING (child_id);
CREATE TEMP TABLE children__contact AS
  SELECT patient_id, contacted_on, in_person, completed FROM contact JOIN who USING (child_id);
CREATE TEMP TABLE children__exam AS SELECT patient_id, kind, examined_on FROM exam JOIN who USING (child_id);
CREATE TEMP TABLE children__assignment AS
  SELECT patient_id, worker_id, from_on, until_on FROM assignment JOIN who USING (child_id);

-- Here a patient is a stay in care: a child with two stays in a window counts twice.
CREATE TEMP TABLE which AS SELECT removal_id, child_id, row_number() OVER (ORDER BY removal_id)::INTEGER AS patient_id FROM removal;
CREATE TEMP TABLE stays__stay AS SELECT patient_id, removed_on, exited_on FROM removal JOIN which USING (removal_id);
CREATE TEMP TABLE stays__placement AS
  SELECT patient_id, removal_id, home_id, started_on, ended_on, setting FROM placement JOIN which USING (removal_id);
CREATE TEMP TABLE stays__held AS SELECT patient_id, h.* EXCLUDE child_id FROM holders AS h JOIN which USING (child_id);

-- And here a worker.
CREATE TEMP TABLE workers__worker AS
  SELECT row_number() OVER (ORDER BY worker_id)::INTEGER AS patient_id, worker_id, hired_on, separated_on, position FROM worker;
CREATE TEMP TABLE workers__post AS
  SELECT patient_id, nullif(from_on, '-infinity') AS from_on, nullif(until_on, 'infinity') AS until_on, unit_id, office_id, bureau_id
  FROM seats JOIN workers__worker USING (worker_id);
