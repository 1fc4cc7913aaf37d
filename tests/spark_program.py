"""What somebody writes on a cluster, run by the Python of Spark's own environment: SOURCE RULESET KEY_FILE OUT."""

import sys
from pathlib import Path

from pyspark.sql import SparkSession, functions

from governance.detection.spark import scan_column

CORES = 2


def main(source: str, ruleset: str, key_file: str, out: str) -> None:
    spark = SparkSession.builder.master(f"local[{CORES}]").config("spark.ui.enabled", "false").getOrCreate()
    # As bytes, so that a line that is not UTF-8 is one incomplete row and not the end of the job.
    lines = spark.read.text(source, lineSep="\n").select(functions.col("value").cast("binary").alias("line"))
    found = scan_column(lines.repartition(2 * CORES), "line", ruleset=Path(ruleset), key_file=Path(key_file))
    found.write.json(out)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
