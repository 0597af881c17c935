# learn JAVA CLASS_PATH CACHE BENCH_JAR LOG: makes the AOT cache of a class path. It starts a server on temporary data, puts load
# on it, and has the JVM write the classes that it loaded and linked, with their profiles. With the cache a start takes a third
# of the time, and the server is fast sooner. If this fails, starts merely take longer. The caller's environment and myelin.yaml
# are ignored, so that the users and rooms created here never get into a real database. The caller ends $learning if it is
# interrupted. Needs common_options and collector of verbs.sh.
# shellcheck shell=sh disable=SC2154
learn() {
    echo "  Learning how to start fast" >&2
    data=$(mktemp -d)
    port=$((20000 + $$ % 10000))
    rm -f "$3" "$5"
    # The server looks for a configuration in its working directory; this one has none.
    # shellcheck disable=SC2046,SC2086
    (cd "$data" && exec env -i PATH="$PATH" HOME="${HOME:-/}" ${XDG_CACHE_HOME:+"XDG_CACHE_HOME=$XDG_CACHE_HOME"} \
        MYELIN_LISTENERS_CLIENT_PORT=$port MYELIN_LISTENERS_FEDERATION_PORT=$((port + 1)) \
        MYELIN_LISTENERS_ADDRESS=127.0.0.1 MYELIN_TEST_MODE=true \
        "$1" -XX:AOTCacheOutput="$3" $common_options ${learn_options:-} $(collector) -cp "$2" \
        io.myelin.allinone.Main run --data "$data/data") >"$5" 2>&1 </dev/null &
    learning=$!
    # Ends the server even if this script is killed.
    (sleep 180 && kill $learning) >/dev/null 2>&1 </dev/null &
    watchdog=$!
    until grep -qs '^Myelin is ready' "$5" || ! kill -0 $learning 2>/dev/null; do
        sleep 0.2
    done
    # If it has not started, another program may listen on the port.
    ! grep -qs '^Myelin is ready' "$5" ||
        "$java" -jar "$4" --url http://localhost:$port --seconds 3 --warmup 0 \
            --scenario create,send-parallel,state,messages,sync-nothing,fan-out,initial-sync >>"$5" 2>&1 || true
    kill $learning 2>/dev/null || true
    wait $learning || true
    kill $watchdog 2>/dev/null || true
    rm -rf "$data"
}
