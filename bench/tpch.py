"""Makes the tables of TPC-H as Parquet, and its 22 queries over schema tpch, by DuckDB's extension of that name.

    tpch.py SCALE FOLDER      # FOLDER/TABLE.parquet and FOLDER/NN.sql; nothing is done where they are

Needs the Python packages duckdb 1.5.5 and duckdb-extension-tpch 1.5.5, whose versions belong together.
"""

import os
import re
import sys

import duckdb
import duckdb_extension_tpch

TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]
NAMED = re.compile(r"\bFROM\b\s*(?!\()[^()]*?(?=\bWHERE\b|\bGROUP\b|\bORDER\b|\)|;|$)")


def queried(sql):
    """The query over tpch.TABLE: names of tables are those after FROM, for `nation` is a column, too."""
    return NAMED.sub(lambda part: re.sub(r"\b(%s)\b" % "|".join(TABLES), r"tpch.\1", part.group()), sql)


def main(scale, folder):
    done = os.path.join(folder, "done")
    if os.path.exists(done):
        return
    os.makedirs(folder, exist_ok=True)
    scratch = os.path.join(folder, "scratch.duckdb")
    if os.path.exists(scratch):
        os.remove(scratch)
    extension = os.path.join(
        os.path.dirname(duckdb_extension_tpch.__file__), "extensions", "v" + duckdb.__version__, "tpch.duckdb_extension"
    )
    database = duckdb.connect(scratch, config={"memory_limit": "1500MB", "threads": 2})
    database.execute(f"LOAD '{extension}'")
    database.execute(f"CALL dbgen(sf = {scale})")
    for table in TABLES:
        database.execute(f"COPY {table} TO '{folder}/{table}.parquet' (FORMAT parquet)")
    for number, sql in database.execute("SELECT query_nr, query FROM tpch_queries()").fetchall():
        with open(f"{folder}/{number:02}.sql", "w") as file:
            file.write(queried(sql).strip().rstrip(";") + "\n")
    database.close()
    os.remove(scratch)
    open(done, "w").close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
