#!/usr/bin/env bash
# inner-certificates <authority> <secrets>: the authority by which nginx and Prometheus know the service, kept in the folder
# <authority>, and what docker-compose.prod.yml reads of it, put into the folder <secrets>: inner-ca, inner-certificate and
# inner-key. Again makes another certificate by the same authority. Keep <authority> off the machine that serves.
set -euo pipefail

authority=${1:?usage: inner-certificates <authority> <secrets>}
secrets=${2:?usage: inner-certificates <authority> <secrets>}
umask 077
mkdir -p "$authority" "$secrets"

if [ ! -e "$authority/ca.key" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1825 -subj '/O=Constancia/CN=Inner CA' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$authority/ca.key" -out "$authority/ca.crt" 2>/dev/null
fi

made=$(mktemp -d "$secrets/.inner-XXXXXX")
trap 'rm -rf "$made"' EXIT
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/O=Constancia/CN=api' \
  -keyout "$made/key" -out "$made/request" 2>/dev/null
openssl x509 -req -in "$made/request" -days 397 -CA "$authority/ca.crt" -CAkey "$authority/ca.key" -CAcreateserial \
  -extfile <(
    printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' 'extendedKeyUsage=serverAuth' \
      'subjectAltName=DNS:api,DNS:api-1,DNS:api-2,DNS:projector,DNS:verifier,DNS:localhost,IP:127.0.0.1'
  ) -out "$made/certificate" 2>/dev/null
openssl verify -CAfile "$authority/ca.crt" -purpose sslserver -verify_hostname api "$made/certificate" >/dev/null

# Written into the files that are there: a container sees those it was started with, and none that took their place. The
# service takes no certificate without its key, should it read in between. The containers run as several users; the folder
# keeps others out.
put() {
  if [ -e "$2" ]; then chmod u+w "$2"; fi
  cat "$1" >"$2"
  chmod 444 "$2"
}
put "$authority/ca.crt" "$secrets/inner-ca"
put "$made/key" "$secrets/inner-key"
put "$made/certificate" "$secrets/inner-certificate"
openssl x509 -in "$secrets/inner-certificate" -noout -enddate
