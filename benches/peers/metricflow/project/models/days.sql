SELECT day::DATE AS date_day FROM generate_series(DATE '2000-01-01', DATE '{{ var("as_of") }}', INTERVAL 1 DAY) AS t(day)
