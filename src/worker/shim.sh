#!/bin/sh
# The process of every polecat's terminal, for systems with a POSIX shell: does what shim.ts does, in a thirtieth of the
# memory. It runs the agent as its child on the same tty, in the same process group, and writes durably that it started
# and how it ended. One suite of tests holds both to the same behaviour.
#
# shim.sh --spool <folder> --session <polecat> <token> --node <node> -- <file> <args...>
#
# Plain POSIX (dash, bash as sh, busybox ash): no bashisms. Its variables begin with s_, because a variable that is in the
# environment already would reach the agent with what the shim writes into it.

s_usage=64 s_already_started=73 s_failed=74 s_not_runnable=126 s_not_found=127
s_hang_up_grace=10 # seconds the agent may do with a hang-up before it is ended with all it started
s_alert_naps=5     # of a second each, after a signal: bash 5.2 forgets a child that ends in the same moment
s_nap=60           # seconds; a shim that was killed leaves its sleeper behind for as long

set -f
# Its own messages, also the shell's about ended jobs, must not be mixed with what the agent prints.
exec 3<&0 5>&2 2>/dev/null
# The agent's own come back before it starts. Words about signals are read below, and must be English.
s_agent_path=${PATH-} s_agent_language=${LC_ALL-}
PATH=/usr/bin:/bin:/usr/sbin:/sbin${PATH:+:$PATH} LC_ALL=C
export PATH LC_ALL

refuse() {
  trap '' PIPE
  printf '%s\n' "$2" >&5
  exit "$1"
}

digits() { case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac; }

# --- arguments

s_help='usage: --spool <folder> --session <polecat> <token> --node <node> -- <file> <args>'
case "$#:${1-}:${3-}:${6-}:${8-}" in
  [0-8]:*) refuse $s_usage "$s_help" ;;
  *:--spool:--session:--node:--) ;;
  *) refuse $s_usage "$s_help" ;;
esac
s_spool=$2 s_polecat=$4 s_token=$5 s_node=$7 s_file=$9
shift 9
case $s_polecat in '' | *[!a-z0-9-]*) refuse $s_usage "$s_help" ;; esac
digits "$s_token" || refuse $s_usage "$s_help"
case $s_spool in /*) ;; *) s_spool=./$s_spool ;; esac
s_start_file=$s_spool/$s_polecat.$s_token.start.json
s_exit_file=$s_spool/$s_polecat.$s_token.exit.json
s_jobs_file=$s_spool/$s_polecat.$s_token.$$.jobs.draft

# --- what the operating system knows

# UTC ms in $s_now; whole seconds where date knows no better. Arguments are a program that starts date; as it ended.
look_at_clock() {
  s_now=$("$@" date +%s%3N)
  s_ended=$?
  case $s_now in
    [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]) digits "$s_now" || s_now=0 ;;
    *) s_now=$(date +%s)000 ;;
  esac
  return $s_ended
}

# Fields of /proc/<pid>/stat from the third on, in $s_fields.
look_at_stat() {
  s_stat=
  # The program's name in it may hold anything, line ends too.
  while IFS= read -r s_line || [ -n "$s_line" ]; do s_stat="$s_stat $s_line"; done <"$1" || return 1
  s_fields=${s_stat##*)}
}

# The start time of process $1 in $s_started, as system/processIdentity.ts computes it; fails when it does not run.
# shellcheck disable=SC2086 # Fields are to be split.
look_at_process() {
  if [ -r /proc/self/stat ]; then
    look_at_stat "/proc/$1/stat" || return 1
    IFS= read -r s_boot </proc/sys/kernel/random/boot_id || return 1
    start_on_linux $s_fields
  else
    s_fields=$(TZ=UTC ps -o stat=,lstart= -p "$1") || return 1
    start_on_mac $s_fields
  fi
}
start_on_linux() {
  case ${1-} in '' | Z* | X*) return 1 ;; esac
  [ $# -ge 20 ] || return 1
  shift 19
  s_started=$s_boot:$1
}
start_on_mac() {
  case ${1-} in '' | Z*) return 1 ;; esac
  shift
  s_started=$*
}

identity_json() { printf '{"pid":%s,"startTime":"%s"}' "$1" "$2"; }

# --- the spool

# Only this file where the system can, everything where it cannot.
sync_file() { sync "$1" || sync; }

# Writes $2 into a new file beside $1, whose name is then $s_draft.
write_draft() {
  s_draft=$1.$$-$s_now.draft
  # Exclusively: a file of that name would be somebody else's.
  (set -C && printf '%s\n' "$2" >"$s_draft") || return 1
  sync_file "$s_draft"
}

# Replaces file $1 in one step.
write_durably() {
  write_draft "$1" "$2" && mv -f "$s_draft" "$1" && sync_file "$s_spool" && return 0
  rm -f "$s_draft"
  return 1
}

write_stubbornly() {
  for s_left in 4 3 2 1 0; do
    write_durably "$1" "$2" && return 0
    [ "$s_left" = 0 ] || sleep 0.5 || sleep 1
  done
  return 1
}

start_json() {
  printf '{"polecat":"%s","token":%s,"shim":%s,"child":%s,"at":%s}' "$s_polecat" "$s_token" "$s_me" "$1" "$s_at"
}

record_end() { # code, signal, start error; each as JSON
  look_at_clock
  s_json="{\"polecat\":\"$s_polecat\",\"token\":$s_token,\"code\":$1,\"signal\":$2,\"startError\":$3,\"at\":$s_now}"
  write_stubbornly "$s_exit_file" "$s_json" || refuse $s_failed 'How the agent ended could not be written down.'
}

# --- signals

# Ctrl+C and Ctrl+\ reach the agent from the tty itself, so the shim only has to survive them; what was sent to the
# shim alone (a closed terminal, a request to end) is passed on.
s_child='' s_early='' s_deadline='' s_sleeper='' s_alert=0 s_last=KILL
wake() {
  [ -z "$s_sleeper" ] || kill "$s_sleeper"
  s_sleeper=
}
alert() {
  s_alert=$s_alert_naps s_last=$1
  wake
}
pass_on() {
  if [ -z "$s_child" ]; then s_early=$1; else kill -s "$1" "$s_child"; fi
  if [ "$1" = HUP ] && [ -z "$s_deadline" ]; then s_deadline=$(($(date +%s) + s_hang_up_grace + 1)); fi
  alert "$1"
}
trap wake CHLD
trap 'alert INT' INT
trap 'alert QUIT' QUIT
trap 'pass_on TERM' TERM
trap 'pass_on HUP' HUP

# --- claim

[ -d "$s_spool" ] || refuse $s_failed "There is no folder $s_spool."
look_at_process $$ || refuse $s_failed 'The shim could not find out who it is.'
s_me=$(identity_json $$ "$s_started")
# A shell ignores INT and QUIT for what it starts beside itself. Most systems have an env that takes that back; it is
# tried with the first program that is needed.
s_env_file=$(command -v env) s_env_gives=''
if look_at_clock "$s_env_file" --default-signal=INT,QUIT; then s_env_gives=yes; else look_at_clock; fi
s_at=$s_now
# What the shell's job table says goes through here: a pipe, because a disk may be full later; a file where the file
# system has no pipes. Opened before the agent is started, because who cannot must not leave one behind.
mkfifo "$s_jobs_file" || { rm -f "$s_jobs_file" && (: >"$s_jobs_file"); } ||
  refuse $s_failed "Nothing can be written into $s_spool."
exec 6<>"$s_jobs_file" 7<"$s_jobs_file"
write_draft "$s_start_file" "$(start_json null)" || {
  rm -f "$s_jobs_file"
  refuse $s_failed 'The start could not be written down.'
}
if ln "$s_draft" "$s_start_file"; then
  rm -f "$s_jobs_file" "$s_draft"
  sync_file "$s_spool"
else
  rm -f "$s_jobs_file" "$s_draft"
  [ -e "$s_start_file" ] || [ -h "$s_start_file" ] || refuse $s_failed 'The start could not be claimed.'
  refuse $s_already_started 'This session was started before; nothing is started a second time.'
fi

# --- start

# Only these can give signals back to what is started beside a shell.
s_perl_file=''
if [ -n "$s_env_gives" ]; then
  reset() {
    # What could be read as an assignment or an option goes through one more shell.
    case $1 in *=* | -*) set -- /bin/sh -c 'exec "$@"' sh "$@" ;; esac
    exec "$s_env_file" --default-signal=INT,QUIT "$@"
  }
elif s_perl_file=$(command -v perl) && "$s_perl_file" -e 1; then
  # shellcheck disable=SC2016 # These are perl's variables.
  reset() {
    # Perl complains aloud about a language that the system has not: it gets the agent's as an argument.
    s_agent_language=${LC_ALL-} LC_ALL=C
    export LC_ALL
    exec "$s_perl_file" -e '
      my $language = shift;
      if (length $language) { $ENV{LC_ALL} = $language } else { delete $ENV{LC_ALL} }
      $SIG{INT} = $SIG{QUIT} = "DEFAULT";
      exec {$ARGV[0]} @ARGV;
      exit 127' -- "$s_agent_language" "$@"
  }
else
  record_end null null '"ENOSYS"'
  refuse $s_not_runnable 'This system cannot start an agent under a shell.'
fi

# Why "$s_file" cannot be started in $s_trouble, empty when it can.
look_for_program() {
  s_trouble=ENOENT
  case $s_file in
    */*) look_at_file "$s_file" ;;
    *)
      s_rest=$s_agent_path:
      while [ -n "$s_rest" ] && [ -n "$s_trouble" ]; do
        s_folder=${s_rest%%:*}
        s_rest=${s_rest#*:}
        look_at_file "${s_folder:-.}/$s_file"
      done
      ;;
  esac
}
look_at_file() {
  [ -e "$1" ] || return 0
  s_trouble=EACCES
  if [ -f "$1" ] && [ -x "$1" ]; then s_trouble=; fi
}
look_for_program
if [ -n "$s_trouble" ]; then
  record_end null null "\"$s_trouble\""
  [ $s_trouble = ENOENT ] && refuse $s_not_found "$s_file could not be started: $s_trouble"
  refuse $s_not_runnable "$s_file could not be started: $s_trouble"
fi

# The editor's own variables are no business of an agent; Electron needs one of them to run as Node.
# By the shell itself: of all it needs to start an agent, programs take the most time.
editors_names() {
  export -p | while IFS= read -r s_line; do
    case $s_line in 'export VSCODE_'* | 'declare -x VSCODE_'*) ;; *) continue ;; esac
    s_name=VSCODE_${s_line#*VSCODE_}
    s_name=${s_name%%=*}
    case $s_name in *[!A-Za-z0-9_]*) ;; *) echo "$s_name" ;; esac
  done
}
for s_name in $(editors_names); do unset "$s_name"; done
[ "$s_file" = "$s_node" ] || unset ELECTRON_RUN_AS_NODE

run_agent() {
  PATH=$s_agent_path
  # Bash complains about a language that the system has not.
  { LC_ALL=$s_agent_language; } 2>/dev/null
  [ -n "$s_agent_path" ] || unset PATH
  [ -n "$s_agent_language" ] || unset LC_ALL
  reset "$@"
}
run_agent "$s_file" "$@" <&3 3<&- 2>&5 5>&- 6>&- 7<&- &
s_child=$!
exec 3<&-
if [ -n "$s_early" ]; then kill -s "$s_early" "$s_child"; fi
if look_at_process "$s_child"; then
  write_stubbornly "$s_start_file" "$(start_json "$(identity_json "$s_child" "$s_started")")"
fi

# --- wait

# One `pid parent group` a line.
every_process() {
  if [ -r /proc/self/stat ]; then
    set +f
    # shellcheck disable=SC2086 # Fields are to be split.
    for s_one in /proc/[0-9]*; do look_at_stat "$s_one/stat" && parent_and_group "${s_one#/proc/}" $s_fields; done
    set -f
  else
    ps -A -o pid=,ppid=,pgid=
  fi
}
parent_and_group() { printf '%s %s %s\n' "$1" "$3" "$4"; }

# What the agent started, too: by their parents, as long as one of them lives, and by a group that the agent leads.
end_with_everything() {
  s_rows=$(every_process) s_all=" $s_child " s_grown=yes
  while [ -n "$s_grown" ]; do
    s_grown=
    while read -r s_pid s_parent s_group; do
      case $s_all in *" $s_pid "*) continue ;; esac
      case $s_all in *" $s_parent "*) ;; *) [ "$s_group" = "$s_child" ] || continue ;; esac
      s_all="$s_all$s_pid " s_grown=yes
    done <<ROWS
$s_rows
ROWS
  done
  # shellcheck disable=SC2086 # A list of numbers.
  kill -s KILL $s_all
}

# A shell's `wait` tells a signal as exit code 128 + n, which an agent may also choose; its job table knows. Sets $s_state:
# empty while the agent runs. Starts no process, whose end would be a signal again.
look_at_job() {
  s_state=gone s_whole=
  jobs -l >&6 && echo . >&6
  while [ -z "$s_whole" ] && IFS= read -r s_line <&7; do
    case $s_line in
      .) s_whole=yes ;;
      *" $s_child "*) s_state=${s_line#*" $s_child "} ;;
    esac
  done
  # The table could not be written down, and says nothing about an agent that is there.
  [ -n "$s_whole" ] || ! kill -s 0 "$s_child" || s_state=Running
  s_state=${s_state#"${s_state%%[! ]*}"}
  case $s_state in Running* | Stopped* | Suspended* | Continued*) ;; *) return 0 ;; esac
  # Not there although it "runs": forgotten. One that may not be signalled is there.
  s_state=
  kill -s 0 "$s_child" || look_at_process "$s_child" || s_state=forgotten
}

# Any signal, the agent's end above all, ends the nap; what comes between two lines is seen by the look before it.
while :; do
  s_pause=$s_nap
  if [ $s_alert -gt 0 ]; then s_pause=1 s_alert=$((s_alert - 1)); fi
  if [ -n "$s_deadline" ]; then
    s_left=$((s_deadline - $(date +%s)))
    [ "$s_left" -gt 0 ] || end_with_everything
    if [ "$s_left" -lt 1 ]; then s_pause=1; elif [ "$s_left" -lt $s_pause ]; then s_pause=$s_left; fi
  fi
  sleep "$s_pause" >/dev/null 3<&- 5>&- 6>&- 7<&- &
  s_sleeper=$!
  look_at_job
  [ -z "$s_state" ] || break
  [ -z "$s_sleeper" ] || wait "$s_sleeper"
  s_sleeper=
done
wake

# --- end

signal_named() {
  case $1 in
    Hangup*) echo HUP ;;
    Interrupt*) echo INT ;;
    Quit*) echo QUIT ;;
    'Illegal instruction'*) echo ILL ;;
    Trace*) echo TRAP ;;
    Abort*) echo ABRT ;;
    'Bus error'*) echo BUS ;;
    'Floating point exception'* | Arithmetic*) echo FPE ;;
    Killed*) echo KILL ;;
    'User defined signal 1'*) echo USR1 ;;
    Segmentation*) echo SEGV ;;
    'User defined signal 2'*) echo USR2 ;;
    'Broken pipe'*) echo PIPE ;;
    'Alarm clock'*) echo ALRM ;;
    Terminated*) echo TERM ;;
    'CPU time limit'* | Cputime*) echo XCPU ;;
    'File size limit'* | Filesize*) echo XFSZ ;;
    *) echo UNKNOWN ;;
  esac
}

case $s_state in
  'Done('*)
    s_code=${s_state#'Done('}
    record_end "${s_code%%')'*}" null null
    ;;
  Done*) record_end 0 null null ;;
  Exit*)
    s_code=${s_state#Exit}
    s_code=${s_code#"${s_code%%[! ]*}"}
    record_end "${s_code%%[!0-9]*}" null null
    ;;
  # The signal is all that is known, and what most agents end of.
  forgotten) record_end null "\"SIG$s_last\"" null ;;
  gone)
    # Bash forgets a job that ended before it was asked, and keeps only this.
    wait "$s_child"
    s_code=$?
    if [ $s_code -gt 128 ]; then
      record_end null "\"SIG$(kill -l $s_code)\"" null
    else
      record_end $s_code null null
    fi
    ;;
  *) record_end null "\"SIG$(signal_named "$s_state")\"" null ;;
esac
exit 0
