"""What the process that reads files takes from itself before it opens the first one.

Limits hold everywhere. On Linux the kernel also takes away the network (seccomp) and all files besides the documents'
folders, Python's and the system's libraries (Landlock), from Tesseract too; where a kernel has neither, only the hook is
left, which sees what Python does, but not what a library in C does.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableFileError

_DESCRIPTORS = 64
_PROGRAM = "tesseract"
_scanning: float | None = None  # seconds left for `uncounted`; None where no time is being kept
_FORBIDDEN = {
    *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn"),
    *("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"),
    *("os.utime", "os.killpg"),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# socket, setsid, setpgid (out of the group that is ended together), ptrace, io_uring_setup (opens sockets too)
_SYSTEM_CALLS = {"x86_64": (41, 112, 109, 101, 425), "aarch64": (198, 157, 154, 117, 425)}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the second: "operation not permitted"
_X32 = 0x40000000  # x86_64's second set of numbers for the same calls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_ALL_OF_FIRST_VERSION = (1 << 13) - 1
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/opt", "/nix/store", "/sys/devices/system/cpu", "/etc/fonts")
_SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/self/statm",
    "/dev/urandom",
)


def confine(memory: int, folders: Sequence[Path]) -> None:
    """Limit this process for the rest of its life; `folders` hold the documents."""
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
    ):
        _lower(limit, value)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # the kernel asks for it before the other two
        _only_files(libc, folders)
        _no_network(libc)
    sys.addaudithook(_hook)


def allow_processor_time(seconds: int) -> None:
    """End this process when it has computed for so long from now on."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + seconds, hard))


def allow_wall_time(seconds: float, scanning: float) -> None:
    """End this process after so many seconds; `scanning` is what `uncounted` may take besides."""
    global _scanning
    _scanning = scanning
    # SIGALRM is left as it is: it ends the process, even inside a library that never comes back to Python
    signal.setitimer(signal.ITIMER_REAL, seconds)


@contextmanager
def uncounted() -> Iterator[None]:
    """Let a file's wall time stand still, for a program that has a limit of its own: many pages take Tesseract long.

    Raises:
        UnreadableFileError: the file has used up what it may take so.
    """
    global _scanning
    if _scanning is None:
        yield
        return
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    if _scanning <= 0:
        raise UnreadableFileError("it has too many scanned pages to be read in time.", "Split it.")
    signal.setitimer(signal.ITIMER_REAL, 0)
    start = time.monotonic()
    try:
        yield
    finally:
        _scanning -= time.monotonic() - start
        signal.setitimer(signal.ITIMER_REAL, left)


def end_with_pipe(descriptor: int) -> None:
    """End this process and its group when the other end of a pipe is closed. Elsewhere than on Linux: after this file.

    Not PR_SET_PDEATHSIG: that one looks at the thread that started a process, and spares what the process has started.
    """
    if sys.platform == "linux":
        os.set_inheritable(descriptor, False)
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_ASYNC)
        if select.select([descriptor], [], [], 0)[0]:  # it was closed before
            sys.exit()


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except (OSError, ValueError):
        if sys.platform == "linux":  # others do not know each of them
            raise


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        forbidden = isinstance(path, str | bytes) and bool(flags & _WRITING) and os.fsdecode(path) != os.devnull
    elif event == "subprocess.Popen":
        forbidden = Path(os.fsdecode(arguments[0])).name != _PROGRAM
    elif event == "os.kill":
        forbidden = arguments[0] == os.getppid()  # a Tesseract that takes too long may be killed
    else:
        forbidden = event in _FORBIDDEN or event.startswith("socket.")
    if forbidden:
        raise PermissionError(f"a reader may not do this: {event}")


def _no_network(libc: ctypes.CDLL) -> None:
    """Refuse the system calls that open sockets or leave the group; the program below runs at each call."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return
    calls = _SYSTEM_CALLS[machine]
    program = [(_LOAD, 0, 0, 4), (_EQUAL, 0, len(calls) + 3, _ARCHITECTURES[machine]), (_LOAD, 0, 0, 0)]
    program += [(_AT_LEAST, len(calls) + 1, 0, _X32)]
    program += [(_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    libc.prctl(_PR_SET_SECCOMP, _FILTER, struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)), 0, 0)


def _only_files(libc: ctypes.CDLL, folders: Sequence[Path]) -> None:
    """Leave nothing but reading the documents' folders, and reading and running what is installed."""
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    every = _ALL_OF_FIRST_VERSION | (_TRUNCATE if version >= 3 else 0)
    ruleset = libc.syscall(_CREATE_RULESET, struct.pack("Q", every), 8, 0)
    installed = {sys.prefix, sys.base_prefix, *sys.path, *_SYSTEM, os.environ.get("TESSDATA_PREFIX", "")} - {""}
    for path, rights in (
        *((path, _READ_FILE) for path in _SYSTEM_FILES),
        (os.devnull, _READ_FILE | _WRITE_FILE),
        *((path, _EXECUTE | _READ_FILE | _READ_DIR) for path in installed if Path(path).is_dir()),
        *((str(folder), _READ_FILE | _READ_DIR) for folder in folders),
    ):
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # not here; then it cannot be read either
        libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)
        os.close(descriptor)
    libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
