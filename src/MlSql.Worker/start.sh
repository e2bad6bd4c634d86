#!/bin/sh
# MlSql's worker: the program, packed by gzip, follows after 1024 bytes. The first start unpacks it beside this file; it gets its name when it is whole, so several may start at once.
worker=${0%.packed}.run
if ! [ -x "$worker" ]; then
    fresh=$worker.$$
    if ! { tail -c +1025 "$0" | gzip -dc > "$fresh" && chmod 755 "$fresh" && mv -f "$fresh" "$worker"; }; then
        rm -f "$fresh"
        echo "MlSql's worker was not unpacked from $0" >&2
        exit 126
    fi
fi
exec "$worker" "$@"
