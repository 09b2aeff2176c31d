#!/usr/bin/env bash
# The project's environment: .venv with the locked dependencies, a font for Chinese PDFs; for dev also a Chromium.
# usage: tools/setup.sh runtime|dev    A second call finds everything in place and returns at once.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=${1:?runtime or dev}
stamp=.venv/.installed-$wanted
locks=(-r requirements/runtime.txt)
[[ $wanted == dev ]] && locks+=(-r requirements/dev.txt)

say() { printf '%s\n' "$*" >&2; }

fingerprint() {
  cat requirements/runtime.txt
  if [[ $wanted == dev ]]; then cat requirements/dev.txt; fi
  .venv/bin/python -VV
}

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  say "Python 3.11 or newer is needed. On Debian or Ubuntu: apt-get install python3 python3-venv"
  exit 1
}

install_packages() {
  local python
  if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    say "Making .venv with $("$python" -V)"
    if ! "$python" -m venv .venv; then
      say "The venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"
      exit 1
    fi
  fi
  say "Installing the locked $wanted dependencies"
  # The locks are complete. Asked to resolve them again, older pips (23.2) reach for a newer release of a package that
  # another one wants with an extra, and then refuse it for having no hash.
  .venv/bin/python -m pip install --no-deps --quiet --disable-pip-version-check --no-input "${locks[@]}"
  fingerprint >"$stamp"
}

# Whoever has the tests' packages has the product's too.
is_current() {
  [[ -f $stamp ]] && cmp -s "$stamp" <(fingerprint 2>/dev/null) && return
  [[ $wanted == runtime && -f .venv/.installed-dev ]] &&
    cmp -s .venv/.installed-dev <(wanted=dev fingerprint 2>/dev/null)
}

has_chinese_font() {
  [[ -n ${PDF_FONT:-} ]] || [[ -n $(fc-list :lang=zh 2>/dev/null | head -n 1) ]] ||
    [[ -n $(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
      -iname '*cjk*' -print -quit 2>/dev/null) ]]
}

# A missing font only makes PDFs unreadable, so nothing here may stop the set-up.
provide_font() {
  has_chinese_font && return
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    say "Installing a Chinese font for PDFs (fonts-noto-cjk)"
    export DEBIAN_FRONTEND=noninteractive
    { timeout 120 apt-get -qq update && timeout 300 apt-get -qq -y --no-install-recommends install fonts-noto-cjk; } \
      >.venv/font.log 2>&1 || true
  fi
  has_chinese_font || say "No Chinese font found: PDFs need fonts-noto-cjk, or PDF_FONT naming an installed family."
}

has_browser() {
  [[ -n ${CHROMIUM:-} ]] || command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null
}

# Tests open the pages in a Chromium. Without one they say so; it is asked for once after each installation.
provide_browser() {
  [[ $wanted == dev ]] || return 0
  if has_browser || [[ -f .venv/.no-browser ]]; then return 0; fi
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    say "Installing Chromium, in which the tests open the pages"
    export DEBIAN_FRONTEND=noninteractive
    { timeout 120 apt-get -qq update && timeout 600 apt-get -qq -y -o DPkg::Lock::Timeout=300 \
      --no-install-recommends install chromium; } >.venv/browser.log 2>&1 || true
  fi
  has_browser && return
  touch .venv/.no-browser
  say "No Chromium found: tests that open pages need Debian's chromium, or CHROMIUM naming one."
}

if is_current; then
  provide_browser
  exit 0
fi
mkdir -p .venv
# Two calls at once would write the same files.
if command -v flock >/dev/null; then
  exec 9>.venv/.lock
  flock 9
  is_current && exit 0
fi
install_packages
provide_font
rm -f .venv/.no-browser
provide_browser
