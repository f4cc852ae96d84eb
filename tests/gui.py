#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How soon Wireshark answers its user while it captures calls live: without the plugins, with them, and with their
profile.

    gui.py --minutes 3 --rate 400 [--plugins FOLDER] [--shots FOLDER]

Needs root, for a network namespace of its own, in which tests/live.py's calls go over a pair of virtual interfaces.
Wireshark runs as nobody under Xvfb, with the rights to capture and no others, and follows the newest packet as it does
by itself. Twice a second it gets a _NET_WM_PING, which it can answer only from the loop that also draws and takes
clicks. Prints the times until the answer, and fails when an answer stays out, when the 95th percentile with the plugins
is above --most milliseconds, or packets are missing.
"""

import argparse
import multiprocessing
import os
import pathlib
import random
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import live
import tshark

PACKAGES = ("wireshark", "xvfb", "python3-xlib", "python3-pil", "iproute2", "util-linux")
WAYS = {"without the plugins": (False, []), "with the plugins": (True, []),
        "with their profile": (True, ["-C", "WebRTC"])}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=3, help="of each of the three ways")
    parser.add_argument("--rate", type=int, default=400, help="packets a second")
    parser.add_argument("--most", type=float, default=200,
                        help="milliseconds, for the 95th percentile with the plugins")
    parser.add_argument("--plugins", help="folder of the built plugins")
    parser.add_argument("--shots", type=pathlib.Path, help="folder for a picture of the screen at the end of each way")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


class Screen:
    """An X server without a window manager, so that this program gets what Wireshark answers to one."""

    def __init__(self):
        reading, writing = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-noreset"],
                                       pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        self.name = ":" + os.read(reading, 16).decode().strip()
        self.display = Xlib.display.Display(self.name)
        self.root = self.display.screen().root
        # Toolkits send their answer to the one or the other.
        self.root.change_attributes(event_mask=Xlib.X.StructureNotifyMask | Xlib.X.SubstructureNotifyMask)
        self.protocols, self.ping, self.title = map(self.display.intern_atom,
                                                    ("WM_PROTOCOLS", "_NET_WM_PING", "_NET_WM_NAME"))
        self.sent = 0

    def window(self, words):
        """The window whose title has these words; None while there is none."""
        for window in self.root.query_tree().children:
            try:
                title = window.get_full_property(self.title, Xlib.X.AnyPropertyType)
            except Xlib.error.BadWindow:
                continue
            if title is not None and words in title.value.decode("utf-8", "replace"):
                return window
        return None

    def ask(self, window):
        """Sends a ping; its number stands where a window manager has its time."""
        self.sent += 1
        window.send_event(Xlib.protocol.event.ClientMessage(
            window=window, client_type=self.protocols, data=(32, [self.ping, self.sent, window.id, 0, 0])))
        self.display.flush()
        return self.sent

    def answers(self, until):
        """The numbers of the pings that are answered until then."""
        while True:
            while self.display.pending_events():
                event = self.display.next_event()
                if (event.type & 0x7F == Xlib.X.ClientMessage and event.client_type == self.protocols
                        and event.data[1][0] == self.ping):
                    yield event.data[1][1]
            left = until - time.monotonic()
            if left <= 0:
                return
            select.select([self.display], [], [], left)

    def picture(self, path):
        PIL.ImageGrab.grab(xdisplay=self.name).save(path)

    def close(self):
        self.display.close()
        self.server.terminate()
        self.server.wait(30)


def start(screen, folder, plugins, extra):
    """Wireshark, capturing. Its rights go by the ambient set to dumpcap."""
    account = tshark.unprivileged()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb",
                   **tshark.environment_for(plugins)}
    rights = "+net_raw,+net_admin"
    wireshark = ["wireshark", "-k", "-i", "wr1", "-w", folder / "live.pcapng", "-o", "gui.update.enabled:FALSE", *extra]
    return subprocess.Popen(
        ["setpriv", f"--reuid={account['user']}", f"--regid={account['group']}", "--clear-groups",
         f"--inh-caps={rights}",
         f"--ambient-caps={rights}", *wireshark],
        env=environment, cwd=tshark.private_folder() / "home", start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(folder / "wireshark.err", "wb"))


def processor(process):
    """Seconds of the processor it has used."""
    words = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(what, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise TimeoutError("Wireshark does not begin to capture")


def measure(screen, window, sender):
    """Milliseconds until each answer, while packets are sent, and the number of pings without one."""
    times, waiting = [], {}

    def listen(until):
        for number in screen.answers(until):
            times.append((time.monotonic() - waiting.pop(number)) * 1000)
            if not waiting and not sender.is_alive():
                return

    while sender.is_alive():
        waiting[screen.ask(window)] = time.monotonic()
        listen(time.monotonic() + random.uniform(0.3, 0.7))  # in no step with Wireshark's own half seconds
    if waiting:
        listen(time.monotonic() + 10)
    return times, len(waiting)


def try_way(options, name, frames):
    plugins, extra = WAYS[name]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gui-", dir=tshark.private_folder()))
    os.chown(folder, tshark.unprivileged()["user"], -1)
    screen = Screen()
    process = start(screen, folder, plugins, extra)
    try:
        window = wait_for(lambda: screen.window("Capturing from"), 60)
        window.configure(x=0, y=0, width=1600, height=1000)
        time.sleep(3)
        used = processor(process)
        seconds = options.minutes * 60
        sender = multiprocessing.Process(target=lambda: [None for _ in live.send(frames, options.rate, seconds)])
        sender.start()
        times, missing = measure(screen, window, sender)
        used = processor(process) - used
        if options.shots:
            screen.picture(options.shots / f"{name.replace(' ', '-')}.png")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)
        screen.close()
    seen = tshark.execute(["-r", folder / "live.pcapng", "-T", "fields", "-e", "frame.number"],
                          tshark.environment_for(False), folder, 300)
    packets = len(seen.stdout.split())
    if not times:
        raise TimeoutError("Wireshark answers no ping")
    times.sort()
    late = times[int(len(times) * 0.95)]
    print(f"{name:20} {len(times):4} answers, {missing} missing: median {statistics.median(times):.1f} ms, 95th "
          f"percentile {late:.1f} ms, "
          f"most {times[-1]:.1f} ms; {packets} packets, {used:.1f} s of the processor", flush=True)
    return missing == 0 and packets >= len(frames) * 0.999 and (late <= options.most or not plugins)


def main(options):
    work = pathlib.Path(tempfile.mkdtemp(prefix="webrtc-gui-"))
    live.interfaces()
    wanted = int(options.minutes * 60 * options.rate)
    frames = list(live.packets_of(live.make_calls(work, wanted)[0]))[:wanted]
    shutil.rmtree(work)
    profile = tshark.private_folder() / "home/.config/wireshark/profiles/WebRTC"
    shutil.copytree(live.TOP / "plugins/profile/WebRTC", profile)
    for path in (profile, *profile.iterdir(), *list(profile.parents)[:3]):
        os.chown(path, tshark.unprivileged()["user"], -1)
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    right = [try_way(options, name, frames) for name in WAYS]
    print(f"{sum(right)} passed, {len(right) - sum(right)} failed")
    return 0 if all(right) else 1


if __name__ == "__main__":
    given = arguments()
    if given.plugins:
        os.environ["WEBRTC_PLUGIN_BUILD"] = str(pathlib.Path(given.plugins).resolve())
    if not given.inside:
        if os.geteuid() != 0:
            sys.exit("gui.py: network namespaces and captures need root")
        subprocess.run(["bash", "-c", '. "$0"; install_packages "$@"', live.TOP / "plugins/setup.sh", *PACKAGES],
                       check=True)
        os.execvp("unshare", ["unshare", "--net", "/usr/bin/python3", "-B", *sys.argv, "--inside"])
    import PIL.ImageGrab  # installed only now
    import Xlib.display
    import Xlib.error
    import Xlib.protocol.event
    import Xlib.X
    sys.exit(main(given))
