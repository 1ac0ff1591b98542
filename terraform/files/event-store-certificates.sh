#!/usr/bin/env bash
# event-store-certificates <folder> <host>...: a certificate authority of our own and one certificate per node, as the event
# store wants them: one common name for all nodes, the node's own name beside it, fit for server and client at once.
# Run it where the authority's key can be kept: not on a droplet.
set -euo pipefail

folder=${1:?usage: event-store-certificates <folder> <host>...}
shift
[ "$#" -gt 0 ] || { echo 'name at least one host' >&2; exit 2; }
umask 077
mkdir -p "$folder"

if [ ! -e "$folder/ca.key" ]; then
  openssl req -x509 -newkey rsa:3072 -nodes -days 1825 -subj '/O=Constancia/CN=Event store CA' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$folder/ca.key" -out "$folder/ca.crt" 2>/dev/null
fi

for host in "$@"; do
  node=$folder/${host%%.*}
  mkdir -p "$node"
  openssl req -new -newkey rsa:2048 -nodes -subj '/CN=eventstoredb-node' \
    -keyout "$node/node.key" -out "$node/node.csr" 2>/dev/null
  openssl x509 -req -in "$node/node.csr" -days 825 -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial \
    -extfile <(
      printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature,keyEncipherment' \
        'extendedKeyUsage=serverAuth,clientAuth' "subjectAltName=DNS:$host"
    ) -out "$node/node.crt" 2>/dev/null
  rm "$node/node.csr"
  openssl verify -CAfile "$folder/ca.crt" -purpose sslserver -verify_hostname "$host" "$node/node.crt" >/dev/null
  openssl verify -CAfile "$folder/ca.crt" -purpose sslclient "$node/node.crt" >/dev/null
  echo "$node/node.crt is good for $host"
done
