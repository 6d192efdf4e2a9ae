#!/bin/sh
# Stops the PostgreSQL of a folder when no process that uses it is alive any more, however it ended.
# usage: guardian.sh FOLDER
#
# Each user has a file users/PID-START, START being field 22 of /proc/PID/stat, so that a process id used
# again is not mistaken. Before it stops the server, the guardian makes the file "stopping" and looks once
# more; a process that comes registers first and then waits while "stopping" is there: neither can miss
# the other.
folder=$1

used() {
  for user in "$folder"/users/*; do
    [ -e "$user" ] || continue
    name=${user##*/}
    pid=${name%-*}
    if [ -r "/proc/$pid/stat" ]; then
      stat=$(cat "/proc/$pid/stat" 2>/dev/null) || stat=
      set -- ${stat##*) }
      [ "${20:-}" = "${name#*-}" ] && return 0
    fi
    rm -f "$user"
  done
  return 1
}

server() {
  read -r pid < "$folder/data/postmaster.pid" 2>/dev/null || return 1
  kill -0 "$pid" 2>/dev/null
}

echo $$ > "$folder/guardian.pid"
while server; do
  if ! used; then
    : > "$folder/stopping"
    if ! used; then
      read -r pid < "$folder/data/postmaster.pid" 2>/dev/null && kill -INT "$pid" 2>/dev/null
      tries=0
      while server && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
      rm -f "$folder/stopping" "$folder/guardian.pid"
      exit 0
    fi
    rm -f "$folder/stopping"
  fi
  sleep 0.5
done
rm -f "$folder/guardian.pid"
