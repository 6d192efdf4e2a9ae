"""What tests have other engines do. python engines.py WHAT URL TOKEN ARGUMENT..."""

import glob
import json
import os
import sys

what, url, token, *arguments = sys.argv[1:]
more = os.environ


def pyiceberg():
    from pyiceberg.catalog import load_catalog

    return load_catalog("ecluse", uri=url, token=token, **json.loads(more.get("PROPERTIES", "{}")))


def duck():
    import duckdb

    con = duckdb.connect(config={"extension_directory": arguments[-1]})
    for name in ["avro", "httpfs", "iceberg"]:
        where = f"{sys.prefix}/lib/python*/site-packages/duckdb_extension_{name}/**/*.duckdb_extension"
        con.execute(f"INSTALL '{glob.glob(where, recursive=True)[0]}'")
        con.execute(f"LOAD {name}")
    con.execute("SET TimeZone = 'UTC'")
    con.execute(more.get("SETUP", "SELECT 1"))
    con.execute(f"ATTACH '' AS ecluse (TYPE iceberg, ENDPOINT '{url}', TOKEN '{token}')")
    return con


def text(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def show(rows):
    for row in sorted(json.dumps([text(v) for v in row], ensure_ascii=False) for row in rows):
        print(row)


if what == "read-pyiceberg":
    table = pyiceberg().load_table(arguments[0]).scan().to_arrow()
    show(table.to_pylist() and [list(r.values()) for r in table.to_pylist()])
elif what == "read-duckdb":
    show(duck().execute(f"SELECT * FROM ecluse.{arguments[0]}").fetchall())
elif what == "filter-duckdb":
    show(duck().execute(f"SELECT * FROM ecluse.{arguments[0]} WHERE {arguments[1]}").fetchall())
elif what == "write-pyiceberg":
    import pyarrow as pa
    from pyiceberg.types import StringType

    catalog = pyiceberg()
    rows = pa.table({"id": pa.array([1, 2, 9]), "weight": pa.array([1.0, float("nan"), 7.5])})
    table = catalog.create_table(arguments[0], schema=rows.schema)
    table.append(rows)
    with table.update_schema() as update:
        update.add_column("note", StringType())
    more = {"id": pa.array([3]), "weight": pa.array([2.0]), "note": pa.array(["été"])}
    table.append(pa.table(more))
    table.delete("id = 1")
elif what == "write-duckdb":
    con = duck()
    con.execute(f"INSERT INTO ecluse.{arguments[0]} VALUES (20, 'NaN', 'duck'), (21, 100, NULL)")
elif what == "documented":
    exec(arguments[0])
elif what == "documented-duckdb":
    import duckdb

    con = duck()
    con.execute("DETACH ecluse")
    for statement in arguments[0].split(";")[:-1]:
        rows = con.execute(statement).fetchall()
    show(rows)
else:
    sys.exit(f"{what} is nothing that is done here")
