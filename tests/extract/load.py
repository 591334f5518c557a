# Loads a folder of Parquet files into a PostgreSQL database and a file of SQLite, a table for each file: python3 load.py FOLDER ADDRESS FILE
import pathlib
import sys

import adbc_driver_postgresql.dbapi as postgres
import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as pa
import pyarrow.parquet as pq

folder, address, file = sys.argv[1:4]
for connection in (postgres.connect(address), sqlite.connect(file)):
    with connection, connection.cursor() as cursor:
        for path in sorted(pathlib.Path(folder).glob("*.parquet")):
            table = pq.read_table(path)
            plain = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
            cursor.adbc_ingest(path.stem, pa.table(plain, table.schema.names), mode="replace")
        connection.commit()
