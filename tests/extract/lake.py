# Puts a folder of Parquet files into a file of DuckDB: a third of them as its own tables, a third as views of Delta tables in a storage that speaks
# as S3 does, of which rows were deleted, a third as views of folders of Parquet files by part.
#     python3 lake.py FOLDER FILE PARTS ENDPOINT LIBRARY
import pathlib
import sys

import adbc_driver_manager.dbapi as adbc
import boto3
import deltalake
import pyarrow as pa
import pyarrow.parquet as pq

folder, file, parts, endpoint, library = sys.argv[1:6]
key, secret, region = "key", "secret", "us-east-1"
boto3.client("s3", endpoint_url=endpoint, aws_access_key_id=key, aws_secret_access_key=secret, region_name=region).create_bucket(Bucket="lake")
storage = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": region, "AWS_ALLOW_HTTP": "true"}


def plain(table: pa.Table) -> pa.Table:
    columns = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    # As one chunk: a Delta table is written by several threads, and chunks may come back in another order.
    return pa.table(columns, table.schema.names).combine_chunks()


def delta(name: str, table: pa.Table) -> str:
    place = f"s3://lake/{name}"
    for rows, deleted in ((table, False), (table.slice(0, 5), True)):
        marked = rows.append_column("deleted", pa.array([deleted] * rows.num_rows, pa.bool_()))
        deltalake.write_deltalake(place, marked, mode="append", storage_options=storage)
    deltalake.DeltaTable(place, storage_options=storage).delete("deleted")
    return f"VIEW \"{name}\" AS SELECT * FROM delta_scan('{place}')"


def by_part(name: str, table: pa.Table) -> str:
    part = pa.array([row * 3 // table.num_rows for row in range(table.num_rows)], pa.int32())
    pq.write_to_dataset(table.append_column("part", part), f"{parts}/{name}", partition_cols=["part"])
    return f"VIEW \"{name}\" AS SELECT * FROM read_parquet('{parts}/{name}/*/*.parquet', hive_partitioning = true)"


connection = adbc.connect(
    driver=library,
    entrypoint="duckdb_adbc_init",
    db_kwargs={"path": file, "autoinstall_known_extensions": "false"},
    autocommit=True,
)
with connection, connection.cursor() as cursor:
    host = endpoint.split("//")[1]
    cursor.execute(
        f"CREATE OR REPLACE PERSISTENT SECRET lake (TYPE s3, KEY_ID '{key}', SECRET '{secret}', REGION '{region}', ENDPOINT '{host}', "
        "USE_SSL false, URL_STYLE 'path')"
    )
    for number, path in enumerate(sorted(pathlib.Path(folder).glob("*.parquet"))):
        makers = (delta, by_part, lambda name, _: f"TABLE \"{name}\" AS SELECT * FROM read_parquet('{path}')")
        cursor.execute("CREATE " + makers[number % 3](path.stem, plain(pq.read_table(path))))
