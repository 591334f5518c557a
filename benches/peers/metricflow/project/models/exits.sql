-- depends_on: {{ ref('place') }} {{ ref('held') }} {{ ref('removal') }}
-- Stays that ended, by the month of the exit: the last twelve months and their median are asked of MetricFlow.
SELECT date_trunc('month', exited_on)::DATE AS exited_month, exited_on - removed_on AS days, place
FROM removal AS r
LEFT JOIN held AS h ON h.child_id = r.child_id AND r.exited_on - 1 >= h.from_on AND r.exited_on - 1 < h.until_on
WHERE exited_on IS NOT NULL
