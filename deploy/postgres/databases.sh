#!/bin/sh
# Runs once, when Postgres' volume is new: for each service with a NAME_DB_PASSWORD a database and a login role of the service's name. A role
# owns the one schema of its name in its own database and has no right to anything else; migrations run as that role.
set -eu

create() {
  psql --set=ON_ERROR_STOP=1 --quiet --username="$POSTGRES_USER" --dbname=postgres --set=name="$1" --set=password="$2" <<'SQL'
create role :"name" login password :'password' nosuperuser nocreatedb nocreaterole noreplication connection limit 100;
create database :"name";
revoke all on database :"name" from public;
grant connect, temporary on database :"name" to :"name";
\connect :"name"
revoke all on schema public from public;
create schema :"name" authorization :"name";
SQL
}

: "${POSTGRES_USER:=postgres}"
psql --set=ON_ERROR_STOP=1 --quiet --username="$POSTGRES_USER" --dbname=postgres --command='revoke all on database postgres from public'
for variable in $(env | sed -n 's/^\([A-Z]\{1,\}_DB_PASSWORD\)=.*/\1/p'); do
  name=$(printf %s "${variable%_DB_PASSWORD}" | tr '[:upper:]' '[:lower:]')
  create "$name" "$(printenv "$variable")"
done
