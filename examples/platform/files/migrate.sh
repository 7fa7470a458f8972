#!/bin/sh
set -eu
echo migrating
