#!/bin/sh
# Starts the PostgreSQL of a folder, or watches the one that runs there, and stops it when no process that
# uses it is alive any more, however that ended.
# usage: guardian.sh FOLDER MISTAKEN [COMMAND…]     exits with 99 if another server holds the folder
# MISTAKEN is the process id of some other program that stands in postmaster.pid, or 0.
#
# Each user has a file users/PID-START that names its folder, START being field 22 of /proc/PID/stat, so that a process id used
# again is not mistaken. Before it stops the server, the guardian makes the file "stopping" and looks once
# more; a process that comes registers first and then waits while "stopping" is there: neither can miss
# the other.
folder=$1
mistaken=$2
shift 2

# Sets $start to when process $1 started; fails if it is gone, or a zombie that nobody has collected.
look() {
  start=
  { read -r stat < "/proc/$1/stat"; } 2>/dev/null || return 1
  set -- ${stat##*) }
  case $1 in Z | X) return 1 ;; esac
  start=${20}
}

serving() {
  look "$server" && [ "$start" = "$born" ]
}

used() {
  for user in "$folder"/users/*; do
    [ -e "$user" ] || continue
    where=
    { read -r where < "$user"; } 2>/dev/null
    # copied along with the folder: it uses the other one
    if [ -n "$where" ] && [ "$where" != "$folder/users" ]; then
      rm -f "$user"
      continue
    fi
    name=${user##*/}
    look "${name%%-*}" && [ "$start" = "${name#*-}" ] && return 0
    rm -f "$user"
  done
  return 1
}

# A newer guardian has taken over when its process id stands here.
on_duty() {
  { read -r duty < "$folder/guardian.pid"; } 2>/dev/null || return 0
  [ "$duty" = $$ ]
}

if [ $# -gt 0 ]; then
  # PostgreSQL and its children inherit the lock, so nobody starts a second server on the same data, not
  # even from another container, where this one's process id means nothing.
  exec 9>> "$folder/server.lock"
  flock -n 9 || exit 99
  { echo $$ > "$folder/guardian.pid"; } 2>/dev/null
  if [ "$mistaken" != 0 ] && { read -r left < "$folder/data/postmaster.pid"; } 2>/dev/null; then
    [ "$left" = "$mistaken" ] && rm -f "$folder/data/postmaster.pid"
  fi
  "$@" &
  server=$!
  exec 9>&-
else
  { read -r server < "$folder/data/postmaster.pid"; } 2>/dev/null || exit 0
  { echo $$ > "$folder/guardian.pid"; } 2>/dev/null
fi
look "$server"
born=$start

polls=0
while serving && on_duty; do
  if ! used; then
    { echo > "$folder/stopping"; } 2>/dev/null
    if ! used; then
      # Again and again: until a server that starts has its handlers, it does not hear.
      while serving; do
        kill -INT "$server" 2>/dev/null
        sleep 0.1
      done
    fi
    rm -f "$folder/stopping"
  fi
  # Quick at first, to tell of a server that does not start.
  if [ $polls -lt 20 ]; then sleep 0.05; polls=$((polls + 1)); else sleep 0.5; fi
done
on_duty && rm -f "$folder/guardian.pid"
serving || wait "$server" 2>/dev/null
