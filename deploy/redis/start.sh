#!/bin/sh
# Starts Redis with a user per service, which reaches its own keys and channels alone; `default` is the operator's. The passwords
# go into a file as hashes: arguments can be read by every process of the machine.
set -eu
umask 077

# user NAME PASSWORD RULES: a line of the ACL file.
user() { printf 'user %s on #%s %s\n' "$1" "$(printf %s "$2" | sha256sum | cut -d ' ' -f 1)" "$3"; }

# What a service needs of the server: all commands on its own keys but those that stop, read or reconfigure it. `info` is asked at each
# connection. `parley:*` has the channels by which a listening connection proves that it hears.
rights='&parley:* +@all -@admin -@dangerous +info'
{
  user default "$REDIS_PASSWORD" '~* &* +@all'
  user chat "$CHAT_REDIS_PASSWORD" "~chat:* &room:* &user:* &activity &activity:* $rights"
  user presence "$PRESENCE_REDIS_PASSWORD" "~presence:* &presence:* $rights"
  user notification "$NOTIFICATION_REDIS_PASSWORD" "&user:* $rights"
} > /tmp/users.acl

# What Redis holds is worth seconds (presence, pub/sub): nothing is written to disk.
exec redis-server --aclfile /tmp/users.acl --save '' --appendonly no --dir /tmp --maxmemory 384mb --maxmemory-policy volatile-ttl
