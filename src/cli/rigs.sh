# Hands a command line to the window that owns the rig, for shells: `node` alone takes ten times as long to start as all
# of this, and vendors' hooks call it at each tool use. installBin (bin.ts) writes what is known of the machine in front
# of it. Of programs it starts one, the rung's: nc, perl or curl (and cat, for what comes on stdin). Whatever is not an
# agent's plain call to a door that stands open is Node's.
#
# Plain POSIX (dash, bash, busybox ash, zsh): no bashisms. Its variables begin with r_.
#
# r_program  rigs or rgt                r_rung  nc, perl, curl or node     r_tool  the rung's program
# r_flags    its flags, or perl's text  r_cr    a carriage return          r_node  Node's program, with
# r_cli, r_hook  its scripts, and r_node_env, a function that sets what it needs

[ -z "${ZSH_VERSION-}" ] || emulate sh
set -f
r_lf='
'
r_nl=$r_cr$r_lf
r_stdin= r_has_stdin= r_call= r_script=$r_cli

# Never returns.
in_node() {
  # A hook that fails would stop the vendor's program.
  if ! [ -x "$r_node" ] || ! [ -r "$r_script" ]; then
    [ "$r_script" != "$r_hook" ] || exit 0
    printf '%s\n' 'Rigs was updated or removed since this terminal was opened. Open the folder in VS Code again.' >&2
    exit 3
  fi
  [ "$r_lc" != unset ] || unset LC_ALL
  [ "$r_lc" = unset ] || LC_ALL=$r_lc
  r_node_env
  RIGS_PROGRAM=$r_program RIGS_CALL=$r_call
  export RIGS_PROGRAM RIGS_CALL
  [ -n "$r_has_stdin" ] || exec "$r_node" "$r_script" "$@"
  printf '%s' "$r_stdin" | "$r_node" "$r_script" "$@"
  exit
}

# Lengths are counted in bytes.
r_lc=${LC_ALL-unset}
LC_ALL=C

# --- what is not done here

case "${1-} ${2-}" in
  'agent-hook '*)
    r_script=$r_hook
    # Outside of a session nobody listens.
    [ -n "${RIGS_HOME-}" ] && [ -n "${RIGS_TOKEN-}" ] || exit 0
    ;;
  # They go on, or ask back.
  'attach '* | 'foreman attach' | 'goal '*) in_node "$@" ;;
  'feed '*) case " $* " in *' --once '*) ;; *) in_node "$@" ;; esac ;;
esac
# A person's, and tables that are to fit a terminal.
[ -n "${RIGS_HOME-}" ] && [ -n "${RIGS_TOKEN-}" ] && [ "$r_rung" != node ] && ! [ -t 1 ] || in_node "$@"

# --- where the door is, and under which id the call is known there

{ IFS= read -r r_door <"$RIGS_HOME/door.json"; } 2>/dev/null || in_node "$@"
case $r_door in '{"version":1,'*'"socket":"/'*) ;; *) in_node "$@" ;; esac
r_socket=${r_door#*'"socket":"'}
r_socket=${r_socket%%'"'*}
[ -S "$r_socket" ] || in_node "$@"

draw_id() {
  { IFS= read -r r_call </proc/sys/kernel/random/uuid; } 2>/dev/null && return
  for r_word in 1 2 3 4 5 6 7 8; do
    # Where shells draw, each draw is another number.
    r_draw=0000${RANDOM-}
    [ "$r_draw" != 0000 ] || return 1
    r_call=$r_call${r_draw#"${r_draw%????}"}
    case $r_word in 2 | 3 | 4 | 5) r_call=$r_call- ;; esac
  done
}
draw_id || in_node "$@"

# --- what is said

if [ "$r_script" = "$r_hook" ]; then
  # JSON: line ends after it say nothing.
  r_stdin=$(cat 2>/dev/null) r_has_stdin=1
else
  for r_word; do
    case $r_word in
      - | *=-)
        r_stdin=$(cat && printf .) r_has_stdin=1
        r_stdin=${r_stdin%.}
        break
        ;;
    esac
  done
fi
r_body=$#$r_lf
for r_word; do r_body=$r_body${#r_word}$r_lf$r_word$r_lf; done
r_body=$r_body${#PWD}$r_lf$PWD$r_lf$r_stdin
r_head="authorization: Bearer $RIGS_TOKEN${r_nl}content-type: application/octet-stream${r_nl}rigs-call: $r_call${r_nl}rigs-program: $r_program${r_nl}rigs-dot: 1"
r_request="POST /v1/run HTTP/1.1${r_nl}host: rigs${r_nl}connection: close$r_nl$r_head${r_nl}content-length: ${#r_body}$r_nl$r_nl$r_body"

# The token goes by a pipe: everybody can read the arguments of a process. Each by itself and not in a function, in
# which dash starts one process more.
# shellcheck disable=SC2086 # Flags are to be split.
case $r_rung in
  nc)
    r_reply=$(
      exec 2>/dev/null "$r_tool" $r_flags "$r_socket" <<END
$r_request
END
    )
    ;;
  perl)
    r_reply=$(
      exec 2>/dev/null "$r_tool" -e "$r_flags" "$r_socket" <<END
$r_request
END
    )
    ;;
  curl)
    r_reply=$(
      exec 2>/dev/null 3<<END
$r_head
END
      printf '%s' "$r_body" | "$r_tool" $r_flags --unix-socket "$r_socket" -H @/dev/fd/3
    )
    ;;
esac

# --- what is answered

r_end=$r_nl$r_nl
# While a person thinks, the door says that it is still there.
while :; do
  case $r_reply in "HTTP/1.1 1"*"$r_end"*) r_reply=${r_reply#*"$r_end"} ;; *) break ;; esac
done
case $r_reply in "HTTP/1.1 200 "*"$r_end"*.) ;; *) in_node "$@" ;; esac
r_top=${r_reply%%"$r_end"*}$r_cr
r_out=${r_reply#*"$r_end"}
r_size=${r_top#*"${r_lf}content-length: "} r_exit=${r_top#*"${r_lf}x-rigs-exit: "}
# Cut, or no answer of a door: said again under the same id, it is the same call.
[ "${#r_out}" = "${r_size%%"$r_cr"*}" ] || in_node "$@"
r_out=${r_out%.} r_exit=${r_exit%%"$r_cr"*}
# 3: it cannot be decided there now; what must not be lost is kept on disk.
case $r_exit in '' | *[!0-9]* | 3) in_node "$@" ;; esac
if [ -n "$r_out" ]; then
  if [ "$r_exit" = 0 ]; then printf '%s\n' "$r_out"; else printf '%s\n' "$r_out" >&2; fi
fi
exit "$r_exit"
