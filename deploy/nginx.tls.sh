#!/bin/sh
# Starts nginx with a certificate. First it writes what nginx can't read from its environment: the name that the certificate is for, and the
# port that browsers reach HTTPS by (GATEWAY_TLS_PORT), which a redirect names unless it is 443.
set -eu
case ${GATEWAY_TLS_PORT:-443} in
  443) port= ;;
  *) port=":$GATEWAY_TLS_PORT" ;;
esac
printf 'server_name %s;\nset $published_port "%s";\n' "$TLS_NAME" "$port" > /tmp/nginx.published.conf
exec nginx -c /etc/parley/nginx.conf -g 'daemon off;'
