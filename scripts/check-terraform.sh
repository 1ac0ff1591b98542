#!/usr/bin/env bash
# Proves terraform/ with the real tools: format, validate, test, security rules, shell scripts, first boots, costs, release.
# Says what it leaves out. Installs nothing into the project.
# Functions are called through `check`, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1

# shellcheck source=scripts/tools.sh
. scripts/tools.sh
unset TF_CLI_CONFIG_FILE
export CHECKPOINT_DISABLE=1

# Serves the provider's schema to an unmodified Terraform where the registry is out of reach.
shim=${TERRAFORM_SCHEMA:-../shared/tools/terraform-schema}

prepare_shim() {
  cp -r "$shim/." "$work/schema" && chmod -R u+w "$work/schema" &&
    timeout 240 npm install --prefix "$work/schema" --ignore-scripts --no-audit --no-fund --loglevel=error
}

terraform_here() {
  if [ -d "$work/schema/node_modules" ]; then
    node "$work/schema/serve.mjs" "$@"
  else
    terraform "$@"
  fi
}

formatted() { terraform fmt -check -diff -recursive terraform; }
in_copy() { (cd "$work/terraform" && terraform_here "$@"); }
all_pass() { in_copy test -no-color "$@" && grep -q 'Success!' "$work/out"; }

each_environment() {
  local file
  for file in terraform/environments/*.tfvars.json; do
    in_copy test -no-color -test-directory=environments -var-file="environments/$(basename "$file")" || return 1
  done
}

# What must be refused is refused: an argument that the provider does not have.
refuses_unknown_argument() {
  cp -r "$work/terraform" "$work/broken"
  printf 'resource "digitalocean_vpc" "broken" {\n  name   = "a"\n  region = "b"\n  colour = "c"\n}\n' >"$work/broken/broken.tf"
  ! (cd "$work/broken" && terraform_here validate -no-color) && grep -q colour "$work/out"
}

check_terraform() {
  if ! command -v terraform >/dev/null; then
    left_out 'everything of Terraform: it is not installed'
    return
  fi
  check 'terraform fmt' formatted
  mkdir "$work/terraform"
  cp -r terraform/. "$work/terraform"
  rm -rf "$work/terraform/.terraform"
  if [ -d "$shim" ] && prepare_shim >"$work/out" 2>&1; then
    echo 'ok      the schema of the provider is installed'
  elif ! in_copy init -backend=false >"$work/out" 2>&1; then
    left_out 'terraform validate and test: neither the registry nor the schema is within reach'
    return
  fi
  check 'terraform init' in_copy init -backend=false
  check 'terraform validate' in_copy validate
  check 'terraform validate refuses an unknown argument' refuses_unknown_argument
  check 'terraform test' all_pass
  check 'terraform test, each environment' each_environment
}

# Without the exceptions it must complain, or it looked at nothing.
rules_bite() {
  mkdir "$work/bare"
  cp -r terraform/*.tf terraform/*.yml terraform/files "$work/bare"
  sed -i '/trivy:ignore/d' "$work/bare"/*.tf
  ! trivy_rules "$work/bare" && grep -q 'AVD-DIG-0003\|avd-dig-0003' "$work/out"
}

check_rules() {
  if ! have_trivy; then
    left_out "Trivy's rules: the binary cannot be installed"
    return
  fi
  check "Trivy's rules" trivy_rules terraform
  check "Trivy's rules find what the exceptions cover" rules_bite
}

check_terraform
check_rules
if debian_tools shellcheck shellcheck; then
  check 'shellcheck' shellcheck --external-sources terraform/files/*.sh scripts/*.sh
else
  left_out 'shellcheck: it is not installed'
fi
if debian_tools openssl openssl; then
  check 'certificates of the event store' terraform/files/event-store-certificates.sh "$work/authority" \
    event-store-1.production.internal.example.com event-store-2.production.internal.example.com
else
  left_out 'certificates of the event store: openssl is not installed'
fi
check 'a release, and its way back' bash scripts/rehearse-release.sh
check 'the cost table' npm run --silent generate:costs -- --check

exit "$failed"
