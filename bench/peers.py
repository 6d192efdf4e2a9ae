"""Copies a table of PostgreSQL to Parquet as other tools do it, for bench/extract.

    python3 peers.py                                            names those that are installed
    PGPASSWORD=… python3 peers.py NAME URI SCHEMA.TABLE FOLDER   has one do it, with its defaults

URI is without a password. Needs, for each: adbc-driver-postgresql and pyarrow; connectorx and
pyarrow; dlt[parquet] and connectorx.
"""

import importlib.util
import os
import pathlib
import sys


def adbc(uri, table, folder):
    """Arrow batches by COPY, one at a time, into one file."""
    import adbc_driver_postgresql.dbapi
    import pyarrow.parquet

    with adbc_driver_postgresql.dbapi.connect(uri) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            batches = cursor.fetch_record_batch()
            with pyarrow.parquet.ParquetWriter(folder / "adbc.parquet", batches.schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)


def connectorx(uri, table, folder):
    """The whole table in memory, which is how it reads, in two halves."""
    import connectorx
    import pyarrow.parquet

    rows = connectorx.read_sql(
        uri, f"SELECT * FROM {table}", return_type="arrow", partition_on="id", partition_num=2
    )
    pyarrow.parquet.write_table(rows, folder / "connectorx.parquet")


def dlt(uri, table, folder):
    """Its sql_table by connectorx to a folder of Parquet files."""
    os.environ["DLT_DATA_DIR"] = str(folder / "dlt-data")
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    import dlt
    from dlt.sources.sql_database import sql_table

    schema, name = table.split(".")
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.filesystem(bucket_url=(folder / "dlt").as_uri()),
        dataset_name="bench",
    )
    rows = sql_table(credentials=uri, schema=schema, table=name, backend="connectorx")
    pipeline.run(rows, loader_file_format="parquet", write_disposition="replace")


PEERS = {
    adbc: ["adbc_driver_postgresql", "pyarrow"],
    connectorx: ["connectorx", "pyarrow"],
    dlt: ["dlt", "connectorx", "sqlalchemy", "pyarrow"],
}


def main(words):
    if not words:
        for peer, modules in PEERS.items():
            if all(importlib.util.find_spec(m) for m in modules):
                print(peer.__name__)
        return
    name, uri, table, folder = words
    user, rest = uri.removeprefix("postgresql://").split("@")
    whole = f"postgresql://{user}:{os.environ['PGPASSWORD']}@{rest}"
    place = pathlib.Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    next(p for p in PEERS if p.__name__ == name)(whole, table, place)


main(sys.argv[1:])
