#!/bin/sh
# Makes the first index of a container that serves: of what is mounted at /articles, else of the
# seeds. Any other command, such as `ritaglio-indexer add /articles`, runs as it stands.
set -eu

# 2 tells that there is none, or that its first load was killed; 1 that there is one, and empty:
# whoever emptied it wants no seeds.
has_no_index() {
    status=0
    ritaglio-indexer stats >/dev/null 2>&1 || status=$?
    [ "$status" = 2 ]
}

if [ "$*" = ritaglio-service ] && has_no_index; then
    articles=/usr/share/ritaglio/seeds
    if [ -n "$(ls -A /articles 2>/dev/null)" ]; then
        articles=/articles
    fi
    # In the background, because a shell that waits for a command in the foreground hears no
    # signal: a stop while a large archive is indexed would last until the kill.
    ritaglio-indexer add "$articles" &
    trap 'kill "$!"; wait "$!"; exit 143' TERM INT
    status=0
    wait "$!" || status=$?
    trap - TERM INT
    # 1 tells that some articles were skipped: the others can be found.
    [ "$status" -le 1 ] || exit "$status"
fi

exec "$@"
