SELECT day::DATE AS date_month FROM generate_series(DATE '2000-01-01', DATE '{{ var("as_of") }}', INTERVAL 1 MONTH) AS t(day)
