"""Simulates a power cut, after which only synced data is left.

The data lie on a file system in a file. The kernel is told not to write anything back by itself, and the file system's
journal commits every ten minutes, so only data that a process has synced reaches the file. A cut pauses the processes,
copies the file, kills the processes, and mounts the copy in place of the original: everything that was only in the
kernel's memory is lost. It needs root and a loop device.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import time

SIZE_BYTES = 4 << 30
WRITE_BACK = {
    "dirty_writeback_centisecs": "0",
    "dirty_expire_centisecs": "360000",
    "dirty_background_ratio": "70",
    "dirty_ratio": "90",
}


class NotPossible(Exception):
    """A power cut cannot be simulated here; the message says why."""


class Disk:
    """A directory whose power can be cut. Use it with `with`, which restores the kernel's settings at the end."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.image = self.directory.with_suffix(".img")
        self.before = {}

    def __enter__(self):
        if os.geteuid() != 0:
            raise NotPossible("it needs root")
        for program in ("mkfs.ext4", "mount"):
            if not shutil.which(program):
                raise NotPossible(f"there is no {program}")
        with open(self.image, "wb") as image:
            image.truncate(SIZE_BYTES)
        try:
            run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)
            self.directory.mkdir(parents=True, exist_ok=True)
            self.mount()
        except subprocess.CalledProcessError as failed:
            self.image.unlink()
            raise NotPossible(f"{failed.cmd[0]} says: {failed.stderr.strip()}") from failed
        try:
            self.stop_write_back()
        except OSError as failed:
            self.__exit__()
            raise NotPossible(f"the kernel's write-back cannot be stopped: {failed}") from failed
        return self

    def stop_write_back(self):
        for name, value in WRITE_BACK.items():
            setting = pathlib.Path("/proc/sys/vm", name)
            self.before[setting] = setting.read_text()
            setting.write_text(value)

    def mount(self):
        run("mount", "-o", "loop,commit=600", self.image, self.directory)

    def cut(self, processes):
        """Ends the processes as a power cut would, and restores the disk to its state at that time."""
        for process in processes:
            send(signal.SIGSTOP, process)
        time.sleep(0.1)
        copy = self.image.with_suffix(".cut")
        run("cp", "--sparse=always", self.image, copy)
        for process in processes:
            send(signal.SIGKILL, process)
        time.sleep(0.2)
        run("umount", "-l", self.directory)
        copy.replace(self.image)
        self.mount()

    def __exit__(self, *_):
        # The order matters: the two ratios are restored first.
        for setting, value in self.before.items():
            setting.write_text(value)
        subprocess.run(["umount", "-l", self.directory], check=False, capture_output=True)
        self.image.unlink(missing_ok=True)


def send(number, process):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
