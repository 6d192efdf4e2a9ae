#!/bin/sh
# Builds the pages into dist/. Installs the packages only when the lock file has changed since the last
# install, and builds only when a source is newer than the last build.
set -eu
cd "$(dirname "$0")"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
if [ ! -f dist/index.html ] || [ -n "$(find src public index.html package.json vite.config.ts -newer dist/index.html 2>/dev/null | head -n 1)" ]; then
  npm run --silent build
  touch dist/index.html
fi
# What the pages are made of and by, beside what Maven says of the rest. (npm 11 leaves react out of --omit=dev.)
if ! cmp -s package-lock.json target/.sbom-lock; then
  mkdir -p target
  npm sbom --sbom-format=cyclonedx > target/ecluse-ui.cdx.json
  cp package-lock.json target/.sbom-lock
fi
