# Sourced by each benchmark: builds what it needs, then runs a program of io.ecluse.bench.
#   run CLASS MODULES [ARGUMENT…]     MODULES is "platform" or "platform,spark"
# ECLUSE_MAVEN_OPTIONS=-o builds offline.
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java=$JAVA_HOME/bin/java; else java=java; fi

build() {
  echo "Building…" >&2
  # exec.skip: npm need not build pages that nobody looks at
  # shellcheck disable=SC2086 # options are words
  (cd "$home" && ./mvnw --batch-mode --quiet ${ECLUSE_MAVEN_OPTIONS:-} -pl "ui,$1" -Dexec.skip -DskipTests \
    test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath) >&2
}

run() {
  class=$1 modules=$2
  shift 2
  build "$modules"
  spark=
  if [ -f "$home/spark/target/bench.classpath" ]; then
    spark="$home/spark/target/test-classes:$home/spark/target/classes:$(cat "$home/spark/target/bench.classpath")"
  fi
  cd "$home/platform" # where what tests start is looked for, in target
  export MALLOC_ARENA_MAX=2 # as the launcher has it
  exec "$java" -XX:+UseSerialGC -Xms64m -Xmx256m --add-opens=java.base/java.nio=ALL-UNNAMED \
    -Dfile.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8 -Decluse.log=WARN "-Dbench.home=$home" \
    "-Dbench.spark.classpath=$spark" \
    -cp "$home/platform/target/test-classes:$home/platform/target/classes:$(cat "$home/platform/target/bench.classpath")" \
    "io.ecluse.bench.$class" "$@"
}
