#!/bin/sh
# Starts Redis with a user per service, which reaches its own keys and channels alone; `default` is the operator's. The passwords
# go into a file as hashes: arguments can be read by every process of the machine.
set -eu
umask 077

# user NAME PASSWORD RULES: a line of the ACL file.
user() { printf 'user %s on #%s %s\n' "$1" "$(printf %s "$2" | sha256sum | cut -d ' ' -f 1)" "$3"; }

# The commands of a service: all but those that stop, inspect or reconfigure the server. The client sends `info` on each connection.
# `parley:*` are the channels on which a subscriber checks that its connection still delivers.
rights='&parley:* +@all -@admin -@dangerous +info'
{
  user default "$REDIS_PASSWORD" '~* &* +@all'
  user chat "$CHAT_REDIS_PASSWORD" "~chat:* &room:* &user:* &activity &activity:* $rights"
  user presence "$PRESENCE_REDIS_PASSWORD" "~presence:* &presence:* $rights"
  user notification "$NOTIFICATION_REDIS_PASSWORD" "&user:* $rights"
} > /tmp/users.acl

# Redis holds only presence and pub/sub, which are rebuilt within seconds: nothing is written to disk.
exec redis-server --aclfile /tmp/users.acl --save '' --appendonly no --dir /tmp --maxmemory 384mb --maxmemory-policy volatile-ttl
