#!/bin/sh
# Runs nginx with the instances that DNS knows of each service, and loads them anew when they change. Requests under way,
# parked ones too, are answered by the worker processes that have begun them.
#   gateway.sh CONFIGURATION DIRECTORY SERVICE=HOST:PORT...
# nginx's own "resolve" would not do: all addresses of one name are one place to its consistent hash.
set -u
configuration=$1
directory=$2
shift 2
mkdir -p "$directory"

# Writes nginx's lines for the instances of a service. If DNS knows none, or does not answer, the last ones stay.
look() { # SERVICE=HOST:PORT
    file=$directory/${1%%=*}.servers
    host=${1#*=}
    addresses=$(getent ahosts "${host%:*}" | cut -d ' ' -f 1 | sort -u)
    if [ -n "$addresses" ]; then
        for address in $addresses; do
            case $address in *:*) address="[$address]" ;; esac
            echo "server $address:${1##*:} max_fails=1 fail_timeout=1s;"
        done >"$file.new"
    elif [ -f "$file" ]; then
        return 1
    else
        # nginx wants at least one.
        echo "server 127.0.0.1:9 down;" >"$file.new"
    fi
    if cmp -s "$file.new" "$file"; then return 1; fi
    mv "$file.new" "$file"
}

for service; do look "$service" || true; done

# Connections of clients outlive a change of the instances, where nginx (1.27.4) can do that. Their worker processes know the former
# instances, so this has to be shorter than what an instance goes on for after it was told to stop.
echo "keepalive_min_timeout 5s;" >"$directory/options.conf"
nginx -e /dev/stderr -c "$configuration" -t 2>/dev/null || : >"$directory/options.conf"

nginx -e /dev/stderr -c "$configuration" -g "daemon off;" &
nginx=$!
stopping=
trap 'stopping=yes; kill -QUIT $nginx' TERM INT QUIT
while kill -0 $nginx 2>/dev/null && [ -z "$stopping" ]; do
    changed=
    for service; do look "$service" && changed=yes; done
    if [ -n "$changed" ] && [ -z "$stopping" ]; then kill -HUP $nginx; fi
    sleep 1 &
    wait $!
done
# A signal ends the first wait.
wait $nginx
status=$?
while kill -0 $nginx 2>/dev/null; do
    wait $nginx
    status=$?
done
exit $status
