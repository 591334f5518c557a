# Runs statements of standard input on a file of DuckDB, and holds it open until another line comes when told to: python3 run_sql.py LIBRARY FILE [hold]
import sys

import adbc_driver_manager.dbapi as adbc

library, file, *hold = sys.argv[1:]
connection = adbc.connect(driver=library, entrypoint="duckdb_adbc_init", db_kwargs={"path": file}, autocommit=True)
with connection, connection.cursor() as cursor:
    sql = sys.stdin.readline() if hold else sys.stdin.read()
    for statement in sql.split(";\n"):
        if statement.strip():
            cursor.execute(statement)
    if hold:
        print("held", flush=True)
        sys.stdin.readline()
