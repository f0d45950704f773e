#!/usr/bin/env bash
# Whether the node of this container is alive: GET /healthz at its operator endpoint, with what the image has anyway.
set -uo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${ACTORCLUSTER__OPERATOR__PORT:-9110}" || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
read -r -t 3 _ status _ <&3 && [ "$status" = 200 ]
