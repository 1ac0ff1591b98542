<#
.SYNOPSIS
  A plain dump of Postgres on Windows, encrypted like backup.sh does it, so that restore-postgres.sh reads it.
.DESCRIPTION
  Needs pg_dump and openssl in the path. Every day at 01:00, as a task:
    schtasks /Create /SC DAILY /ST 01:00 /TN Constancia /TR "powershell -File C:\constancia\backup-postgres.ps1 -Folder D:\backups -PassphraseFile C:\secrets\backup-passphrase -DatabaseUrlFile C:\secrets\database-url"
#>
param(
  [Parameter(Mandatory = $true)] [string] $Folder,
  [Parameter(Mandatory = $true)] [string] $PassphraseFile,
  [Parameter(Mandatory = $true)] [string] $DatabaseUrlFile,
  [int] $KeepDays = 30
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

foreach ($program in 'pg_dump', 'openssl') {
  if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { throw "$program is not in the path" }
}
New-Item -ItemType Directory -Force -Path $Folder | Out-Null
$name = (Get-Date).ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'")
$plain = Join-Path $Folder ".unfinished-$name.dump"
$kept = Join-Path $Folder "$name.postgres.dump.enc"
$address = (Get-Content -Raw -Path $DatabaseUrlFile).Trim()

try {
  # Through a file: a pipe of PowerShell would take the bytes for text.
  $dump = @('--format=custom', '--no-owner', '--no-privileges', '--file', $plain, '--dbname', $address)
  & pg_dump @dump
  if ($LASTEXITCODE -ne 0) { throw "pg_dump ended with $LASTEXITCODE" }
  $lock = @('enc', '-aes-256-cbc', '-pbkdf2', '-iter', '600000', '-salt', '-pass', "file:$PassphraseFile")
  & openssl @lock -in $plain -out "$plain.enc"
  if ($LASTEXITCODE -ne 0) { throw "openssl ended with $LASTEXITCODE" }
  Move-Item -Path "$plain.enc" -Destination $kept
}
finally {
  Remove-Item -Force -ErrorAction SilentlyContinue -Path $plain, "$plain.enc"
}

# Only now, when the new one is whole.
Get-ChildItem -Path $Folder -Filter '*.postgres.dump.enc' |
  Where-Object { $_.LastWriteTimeUtc -lt (Get-Date).ToUniversalTime().AddDays(-$KeepDays) } |
  Remove-Item
[DateTimeOffset]::UtcNow.ToUnixTimeSeconds() | Set-Content -Path (Join-Path $Folder 'last-success')
Write-Output "backed up as $name"
