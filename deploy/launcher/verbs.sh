# What ./myelin in a clone and ./myelin of the archive have in common. Each sources this file, and defines before that
#   home          the directory that it is in
#   aot_cache     the file of the AOT cache
#   find_java     sets java to the program
#   class_path    prints the class path: the same jars in the same order every time, for which alone the AOT cache is valid
#   apart_jar     prints the jar of the supervisor; fails if there is none
#   build         makes sure that there is something to run
# shellcheck shell=sh disable=SC2154

fail() {
    echo "$@" >&2
    exit 1
}

verbs_text() {
    cat <<'TEXT'
./myelin run [--data DIR] [--config FILE]    start a server; Ctrl-C stops it
./myelin status [--json]                     what runs on these data
./myelin stop [COMPONENT[#INSTANCE]]         stop the server, or one component of it
./myelin start [COMPONENT[#INSTANCE]]        start what was stopped or killed
./myelin kill [COMPONENT[#INSTANCE]]         SIGKILL the server, or one component of it
./myelin reload                              read the configuration again, for what may change while the server runs
./myelin logs [COMPONENT[#INSTANCE]]         show what is logged, and go on showing it
./myelin user add NAME [--admin]
./myelin backup DIR                          write all that the server keeps to a new directory, while it runs or not
./myelin restore DIR                         make the data of a new server out of a backup
./myelin check [--json]                      look for damage in the database, while the server runs or not
./myelin secrets DIR                         make the files that components in containers share
./myelin services [--json]                   list the services
./myelin version
TEXT
}

# --- running -------------------------------------------------------------------------------------------------------

# What the JVM has to say goes to standard error, where it spoils no JSON: now and then it complains of what it finds in its cache.
common_options='-XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow -Dfile.encoding=UTF-8
    -Xlog:disable -Xlog:all=warning:stderr -Xlog:aot*=off:stderr -Xlog:cds*=off:stderr'

few_cores() {
    [ "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc)" -le 2 ]
}

# On one or two cores the serial collector takes no more processor time than the others (measured), and half the memory.
# A collector in MYELIN_JAVA_OPTIONS takes precedence.
collector() {
    ! few_cores || case ${MYELIN_JAVA_OPTIONS:-} in
    *GC*) ;;
    *) echo '-XX:+UseSerialGC -Xms64m -XX:NewSize=48m' ;;
    esac
}

# Options for every process. On one or two cores the optimising compiler waits until a method is ten times as hot as usual:
# a start then takes a fifth less processor time. Huge pages, if the system gives them on demand, because small pages are
# expensive in virtual machines.
tuning() {
    ! few_cores ||
        echo '-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000' \
            '-XX:Tier4BackEdgeThreshold=400000'
    ! grep -qs '\[\(always\|madvise\)\]' /sys/kernel/mm/transparent_hugepage/enabled ||
        echo '-XX:+UseTransparentHugePages'
}

run_main() {
    # Thousands of connections are normal; the soft limit often is 1024.
    ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
    # shellcheck disable=SC2086
    exec "$java" -XX:AOTCache="$aot_cache" $common_options $(tuning) $(collector) ${MYELIN_JAVA_OPTIONS:-} \
        -cp "$(class_path)" io.myelin.allinone.Main "$@"
}

# For a verb that soon ends: with the cache, but without what makes a server fast.
run_tool() {
    # shellcheck disable=SC2086
    exec "$java" -XX:AOTCache="$aot_cache" $common_options -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -cp "$(class_path)" io.myelin.allinone.Main "$@"
}

# The class path begins as the server's does, so that its AOT cache is valid here too.
run_apart() {
    # Thousands of connections are normal; the soft limit often is 1024.
    ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
    apart_jar=$(apart_jar) || exit 1
    # shellcheck disable=SC2086
    exec "$java" -XX:AOTCache="$aot_cache" $common_options -XX:+UseSerialGC -Xms16m -Xmx64m \
        -XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -Dmyelin.aot-cache="$aot_cache" \
        -Dmyelin.java-options="$(echo $common_options $(tuning) ${MYELIN_JAVA_OPTIONS:-})" \
        -cp "$(class_path):$apart_jar" io.myelin.apart.Main "$@"
}

# --- what runs -----------------------------------------------------------------------------------------------------
# DATA/myelin.pid names the server, or the supervisor of a server apart. Then DATA/apart has a file for each process.

# The command line of a process; nothing if there is no such process. Small systems have /proc but no ps.
command_of() {
    if [ -d /proc/self ]; then
        tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null || true
    else
        ps -o command= -p "$1" 2>/dev/null || true
    fi
}

# Parses a verb's arguments: --data DIR, --json and one word.
arguments_of() {
    data=${MYELIN_DATA:-data}
    what=
    json=
    while [ $# -gt 0 ]; do
        case $1 in
        --data)
            [ $# -ge 2 ] || fail "--data needs a value."
            data=$2
            shift
            ;;
        --json) json=.json ;;
        -*) fail "There is no option $1." ;;
        *)
            [ -z "$what" ] || fail "One at a time: $what, then $1."
            what=$1
            ;;
        esac
        shift
    done
}

# The process of the server or the supervisor on these data, if one runs.
server_pid() {
    pid=$(cat "$data/myelin.pid" 2>/dev/null || true)
    [ -n "$pid" ] && case $(command_of "$pid") in
        *io.myelin.allinone.Main*) shape=together ;;
        *io.myelin.apart.Main*) shape=apart ;;
        *) return 1 ;;
    esac
}

# The processes that a supervisor has started, even if it is dead: "PID FILE" a line.
apart_processes() {
    for file in "$data"/apart/*.process; do
        [ -f "$file" ] || continue
        read -r number _ <"$file" || continue
        case $(command_of "$number") in
        *myelin.process=* | *nginx*) echo "$number $file" ;;
        esac
    done
}

# Fails if a dead supervisor has left components, which a server in one process cannot use.
require_no_orphans() {
    data=${MYELIN_DATA:-data}
    while [ $# -gt 1 ]; do
        [ "$1" != --data ] || data=$2
        shift
    done
    server_pid || [ -z "$(apart_processes)" ] || no_server
}

postmaster_pid() {
    postmaster=$(head -n 1 "$data/postgresql/postmaster.pid" 2>/dev/null || true)
    [ -n "$postmaster" ] && case $(command_of "$postmaster") in
        *postgres*) return 0 ;;
        *) return 1 ;;
    esac
}

# Sends a request to a process of this server: METHOD PORT_FILE SECRET_FILE PATH. Another program may listen on the port, so
# the secret is proven and not sent. Prints the answer; the status is 3 if there is no answer that proves the secret.
ask_process() {
    find_java
    # shellcheck disable=SC2086
    "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $common_options -cp "$(class_path)" io.myelin.allinone.Main ask "$@"
}

# Sends a request to the supervisor: METHOD PATH. Prints the answer; fails if the request was refused.
ask() {
    [ -r "$data/apart/control.port" ] && [ -r "$data/apart/control.secret" ] ||
        fail "The supervisor on $data is just starting."
    status=0
    ask_process "$1" "$data/apart/control.port" "$data/apart/control.secret" "$2" || status=$?
    [ $status -ne 3 ] || echo "The supervisor on $data does not answer: it is starting or stopping." >&2
    [ $status -eq 0 ] || exit 1
}

no_server() {
    [ -z "$(apart_processes)" ] || fail "The supervisor of $data is dead, and its processes go on:" \
        "./myelin run --apart looks after them again, ./myelin stop stops them."
    fail "No server runs on $data."
}

# Has the supervisor do something to one component.
act_on() {
    server_pid || no_server
    [ "$shape" = apart ] ||
        fail "The server on $data is one process. Its components can be $2 only if they run apart: ./myelin run --apart."
    ask POST "/$1?$(echo "$what" | sed 's/#/%23/')"
}

wait_for_end() {
    waited=0
    while kill -0 "$1" 2>/dev/null; do
        [ $waited -lt "$2" ] || return 1
        sleep 0.1
        waited=$((waited + 1))
    done
}

stop() {
    if [ -n "$what" ]; then
        act_on stop stopped
    elif server_pid; then
        kill -TERM "$pid"
        wait_for_end "$pid" 600 || fail "Process $pid has not stopped within 60 s; see $data/logs."
        echo "Stopped."
    else
        stop_orphans
    fi
}

# stop_each PATTERN GREP_OPTION...: ends the processes apart whose file names match the pattern.
stop_each() {
    pattern="/apart/$1-[0-9]*\.process$"
    shift
    apart_processes | grep "$@" "$pattern" | while read -r number file; do
        kill -TERM "$number" 2>/dev/null || true
        wait_for_end "$number" 150 || kill -s KILL -- "-$number"
        rm -f "$file"
    done
}

# Stops what a killed supervisor has left: the gateway, then readers and writers, servers, the broker and the database.
stop_orphans() {
    [ -n "$(apart_processes)" ] || no_server
    stop_each gateway
    stop_each '\([a-z-]*-server\|kafka\)' -v
    stop_each '[a-z-]*-server'
    stop_each kafka
    if postmaster_pid; then
        kill -INT "$postmaster"
        wait_for_end "$postmaster" 300 || fail "The database, process $postmaster, has not stopped within 30 s."
    fi
    echo "Stopped."
}

kill_all() {
    if [ -n "$what" ]; then
        act_on kill killed
        return
    fi
    server_pid || [ -n "$(apart_processes)" ] || no_server
    # The supervisor first, since it would restart the others.
    server_pid && kill -KILL "$pid"
    apart_processes | while read -r number file; do
        kill -s KILL -- "-$number" 2>/dev/null || true
        rm -f "$file"
    done
    # For a server in one process the database keeps running until the next start takes it over.
    if [ "${shape:-apart}" = apart ] && postmaster_pid; then
        kill -KILL "$postmaster"
    fi
    echo "Killed."
}

status() {
    [ -z "$what" ] || fail "./myelin status shows all of it."
    server_pid || no_server
    if [ "$shape" = apart ]; then
        ask GET "/status$json"
        return
    fi
    said=$(ask_process GET "$data/internal.port" "$data/internal.secret" /_myelin/internal/status) ||
        fail "The server on $data, process $pid, does not answer: it is starting or stopping."
    if [ -n "$json" ]; then
        echo "{\"shape\":\"together\",\"processes\":[$said]}"
    else
        ready=starting
        case $said in *'"ready":true'*) ready=up ;; esac
        echo "all-in-one, process $pid, is $ready."
        echo "$said" | sed -n 's/.*"services":{\([^}]*\)}.*/\1/p' | sed 's/\],/]\n/g' |
            sed 's/"\([^"]*\)":\[\(.*\)\]/  \1: shards \2/'
    fi
}

reload() {
    [ -z "$what" ] || fail "./myelin reload is for all of the server."
    server_pid || no_server
    [ "$shape" = together ] || fail "The components on $data are processes of their own: stop and start each" \
        "(./myelin stop COMPONENT, ./myelin start COMPONENT)."
    find_java
    run_tool reload --data "$data"
}

logs() {
    [ -d "$data/logs" ] || fail "No server has ever run on $data."
    case $what in
    "")
        if server_pid && [ "$shape" = together ] || [ ! -d "$data/apart" ]; then
            set -- "$data/logs/myelin.log"
        else
            set -- "$data"/logs/*.log
        fi
        ;;
    *#*) set -- "$data/logs/$what".* ;;
    *) set -- "$data/logs/$what"[.#]* ;;
    esac
    [ -f "$1" ] || fail "Nothing of that name has ever run on $data: $what."
    exec tail -n 100 -F "$@"
}

is_verb() {
    case $1 in
    run | user | backup | restore | check | secrets | services | version | stop | kill | status | reload | logs | start) ;;
    *) return 1 ;;
    esac
}

# perform VERB ARGUMENTS...
perform() {
    verb=$1
    shift
    case $verb in
    run)
        find_java
        apart=
        for word in "$@"; do
            case $word in --apart) apart=yes ;; esac
        done
        build
        if [ -n "$apart" ]; then
            # Removes --apart from the arguments.
            for word in "$@"; do
                shift
                [ "$word" = --apart ] || set -- "$@" "$word"
            done
            run_apart "$@"
        fi
        require_no_orphans "$@"
        run_main run "$@"
        ;;
    user | backup | restore | check | secrets | services | version)
        find_java
        build
        run_tool "$verb" "$@"
        ;;
    stop | kill | status | reload | logs)
        arguments_of "$@"
        case $verb in kill) kill_all ;; *) "$verb" ;; esac
        ;;
    start)
        arguments_of "$@"
        act_on start started
        ;;
    esac
}
