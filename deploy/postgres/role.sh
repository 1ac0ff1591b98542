#!/usr/bin/env bash
# Runs once, when the data folder of Postgres is made: the service owns its own database and is no superuser.
set -eu -o pipefail
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set password="$(cat /run/secrets/postgres-password)" <<'SQL'
SET log_statement = 'none';
CREATE ROLE constancia LOGIN PASSWORD :'password';
CREATE DATABASE constancia OWNER constancia TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
