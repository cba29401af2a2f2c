"""Runs a command on a terminal of its own: script.py STATUS_FILE COMMAND...

What the terminal shows goes to stdout, and what is read from stdin is typed, in pieces as
they are taken. STATUS_FILE gets the exit code (128 and the signal's number for one that a
signal ended), and whether line editing and echo are on afterwards.
"""
import os
import pty
import select
import sys
import termios

status_file, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    # The command waits until the terminal's first state is known.
    try:
        os.execvp(command[0], command)
    finally:
        os._exit(127)
os.set_blocking(terminal, False)
pending = b""
inputs = [terminal, 0]
status = None
while status is None or terminal in inputs:
    readable, writable, _ = select.select(inputs, [terminal] if pending else [], [], 0.05)
    if terminal in readable:
        try:
            shown = os.read(terminal, 65536)
        except BlockingIOError:
            shown = None
        except OSError:
            shown = b""
        if shown == b"":
            inputs.remove(terminal)
        elif shown:
            os.write(1, shown)
    elif status is not None:
        inputs.remove(terminal)
    if 0 in readable:
        typed = os.read(0, 65536)
        if not typed:
            inputs.remove(0)
        pending += typed
    if terminal in writable:
        try:
            pending = pending[os.write(terminal, pending):]
        except BlockingIOError:
            pass
        except OSError:
            pending = b""
    if status is None:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended == 0:
            status = None
flags = termios.tcgetattr(terminal)[3]
code = os.waitstatus_to_exitcode(status)
line_editing = bool(flags & termios.ICANON) and bool(flags & termios.ECHO)
with open(status_file, "w") as file:
    file.write(f"{code if code >= 0 else 128 - code} {line_editing}")
