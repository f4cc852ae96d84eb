#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what the plugins cost, against the same tshark without them, and prints ratios side by side.

    tests/bench/run.py --plugins build/plugins/4.0/epan [--pairs 7] [--only web,mix,report,lua,scale,size,gui,callgrind]
                       [--packets 300000] [--calls 100,1000,10000] [--keep FOLDER]
    tests/bench/run.py --plugins build/plugins/4.0/epan --only memory

It makes its captures with multiply.py and web.py, in a temporary folder or in FOLDER, where they are found again next
time. WEBRTC_BENCH_WEB names a folder of captures to be taken for the web traffic instead. Both sides load Wireshark's
own plugins. CPU seconds are user and system together; each pair runs back to back in changing order; what is given is
the median of the pairs' ratios, and the lowest and highest. Instructions are counted by callgrind for two cuts of a
capture, and their difference is taken, so that start-up and whatever is done once drop out. Memory of a call is the
difference of two peaks of the heap, with what the allocator puts beside each block, less the same difference without
the plugins: what is there once drops out, and so do the pools that are full from some 500 calls on. Nothing is
asserted.
"""
import argparse
import glob
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent / "test-captures" / "cr-ff12.A.pcapng"
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import diy  # noqa: E402
import gui  # noqa: E402


class Bench:
    def __init__(self, arguments, folder):
        self.arguments, self.folder = arguments, pathlib.Path(folder)
        os.chmod(self.folder, 0o755)
        series = pathlib.Path(arguments.plugins).resolve().parent.name
        own = subprocess.run(["pkg-config", "--variable=plugindir", "wireshark"], capture_output=True,
                             text=True).stdout.strip()
        self.sides = {}
        for side in ("stock", "ours"):
            epan = self.folder / side / series / "epan"
            shutil.rmtree(epan, ignore_errors=True)
            epan.mkdir(parents=True)
            for plugin in glob.glob(own + "/epan/*.so"):
                if not os.path.basename(plugin).startswith("webrtc"):
                    shutil.copy(plugin, epan)
            if side == "ours":
                for plugin in glob.glob(str(arguments.plugins) + "/webrtc*.so"):
                    shutil.copy(plugin, epan)
            self.sides[side] = self.folder / side
        self.home = self.folder / "home"
        self.home.mkdir(exist_ok=True)
        os.chmod(self.home, 0o777)

    def capture(self, name, program, *arguments):
        path = self.folder / name
        if not path.exists():
            print("making", name, file=sys.stderr)
            subprocess.run([sys.executable, "-B", HERE / program, *map(str, arguments)], check=True)
        return path

    def mix(self, calls, media):
        path = self.folder / ("mix-%d-%d.pcap" % (calls, media))
        return self.capture(path.name, "multiply.py", SOURCE, path, "--calls", calls, "--media", media)

    def web(self, packets):
        path = self.folder / ("web-%d.pcap" % packets)
        return self.capture(path.name, "web.py", path, "--packets", packets)

    # ---- running ----

    def command(self, side, *arguments):
        command = ["env", "HOME=%s" % self.home, "WIRESHARK_PLUGIN_DIR=%s" % self.sides[side], *map(str, arguments)]
        if os.geteuid() == 0:  # tshark takes no plugins from elsewhere for root
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + command
        return command

    def cpu(self, side, *arguments, then=None):
        """CPU seconds and peak memory (KiB) of tshark, and of what reads its output."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.PIPE if then else subprocess.DEVNULL
        first = subprocess.Popen(self.command(side, "tshark", *arguments), stdout=out, stderr=subprocess.DEVNULL)
        if then:
            subprocess.run(then, stdin=first.stdout, stdout=subprocess.DEVNULL, check=True)
        _, status, usage = os.wait4(first.pid, 0)
        first.returncode = os.waitstatus_to_exitcode(status)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, usage.ru_maxrss

    def pairs(self, label, mark, one, other):
        """Prints the ratio of one() to other()."""
        ratios, seconds = [], ([], [])
        for n in range(self.arguments.pairs):
            runs = [one, other] if n % 2 == 0 else [other, one]
            results = [run()[0] for run in runs]
            x, y = results if n % 2 == 0 else reversed(results)
            ratios.append(x / y)
            seconds[0].append(x)
            seconds[1].append(y)
        print("%-52s %7.3f  (%.3f..%.3f)  %7.2f s / %.2f s   mark %s"
              % (label, statistics.median(ratios), min(ratios), max(ratios), statistics.median(seconds[0]),
                 statistics.median(seconds[1]), mark), flush=True)

    def both(self, label, mark, *arguments):
        self.pairs(label, mark, lambda: self.cpu("ours", *arguments), lambda: self.cpu("stock", *arguments))

    def instructions(self, side, *command, told="", within=None):
        """Instructions of a command that is told this on its standard input; of the function within alone."""
        out = self.home / "callgrind"
        options = ["--callgrind-out-file=%s" % out] + (["--toggle-collect=" + within] if within else [])
        run = subprocess.run(self.command(side, "valgrind", "--tool=callgrind", *options, *command), input=told,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return int(run.stderr.split("Collected :")[1].split()[0])

    def counted(self, label, mark, small, large):
        """Prints the ratio of instructions between two cuts, ours to stock; small and large count those of a side."""
        cost = {side: large(side) - small(side) for side in ("ours", "stock")}
        print("%-52s %7.3f  %21.1f M / %.1f M   mark %s"
              % (label, cost["ours"] / cost["stock"], cost["ours"] / 1e6, cost["stock"] / 1e6, mark), flush=True)

    # ---- what is measured ----

    def web_paths(self):
        folder = os.environ.get("WEBRTC_BENCH_WEB")
        return sorted(glob.glob(folder + "/*.pcap*")) if folder else [self.web(self.arguments.packets)]

    def run_web(self):
        for path in self.web_paths():
            self.both("web, packet list", "1.05", "-r", path)
            self.both("web, -V", "1.05", "-V", "-r", path)

    def mix_path(self):
        return self.mix(self.arguments.packets // 434, 400)

    def run_mix(self):
        self.both("WebRTC mix, packet list", "1.15", "-r", self.mix_path())
        self.both("WebRTC mix, -V", "1.05", "-V", "-r", self.mix_path())

    def run_report(self):
        fields = [x for field in diy.FIELDS for x in ("-e", field)]
        self.pairs("do-it-yourself / -z webrtc,json", "at least 10",
                   lambda: self.cpu("stock", "-r", self.mix_path(), "-Y", diy.FILTER, "-T", "json", *fields,
                                    then=[sys.executable, HERE / "diy.py"]),
                   lambda: self.cpu("ours", "-q", "-r", self.mix_path(), "-z", "webrtc,json"))

    def run_lua(self):
        path, script = self.mix_path(), shutil.copy(HERE / "audit.lua", self.folder)
        shares = []
        for _ in range(self.arguments.pairs):
            stock, ours = self.cpu("stock", "-r", path)[0], self.cpu("ours", "-r", path)[0]
            lua = self.cpu("stock", "-X", "lua_script:%s" % script, "-r", path)[0]
            shares.append((ours - stock) / (lua - stock))
        print("%-52s %7.3f  (%.3f..%.3f)   mark 0.200" % ("added by the plugins / added by Lua",
                                                          statistics.median(shares), min(shares), max(shares)))

    def run_scale(self):
        for calls in map(int, self.arguments.calls.split(",")):
            path = self.mix(calls, 20)
            added, memory = [], []
            for _ in range(3 if calls < 100000 else 1):
                ours, stock = self.cpu("ours", "-r", path), self.cpu("stock", "-r", path)
                added.append(ours[0] - stock[0])
                memory.append(ours[1] - stock[1])
            report = self.cpu("ours", "-q", "-r", path, "-z", "webrtc,json")
            print("%-52s %7.1f us a packet added, %.1f KiB a call; with report %.1f us a packet"
                  % ("%d calls" % calls, statistics.median(added) / calls / 54 * 1e6, statistics.median(memory) / calls,
                     report[0] / calls / 54 * 1e6), flush=True)

    def heap(self, side, path):
        """Bytes of the heap at its peak (heap.c). Wireshark's pools grow by 8 MiB: here each allocation is one of its
        own."""
        shim, out = self.folder / "heap.so", self.home / "heap"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim, HERE / "heap.c"], check=True)
        subprocess.run(self.command(side, "WIRESHARK_DEBUG_WMEM_OVERRIDE=simple", "HEAP_PEAK=%s" % out,
                                    "LD_PRELOAD=%s" % shim,
                                    "tshark", "-n", "-r", path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        return int(out.read_text())

    def run_memory(self):
        sizes = [500, 1000, 2000] + [n for n in map(int, self.arguments.calls.split(",")) if n > 2000]
        own = [self.heap("ours", self.mix(n, 20)) - self.heap("stock", self.mix(n, 20)) for n in sizes]
        for i in range(len(sizes) - 1):
            print("%-52s %7.2f KiB a call   mark 8" % ("own memory, from %d to %d calls" % (sizes[i], sizes[i + 1]),
                                                       (own[i + 1] - own[i]) / (sizes[i + 1] - sizes[i]) / 1024),
                  flush=True)

    def run_size(self):
        from sizes import SHAPES

        for name, make in SHAPES.items():
            paths = []
            for part in (1, 2, 4):
                path = self.folder / ("%s-%d.pcap" % (name, part))
                make(path, part / 4)
                paths.append(path)
            empty = self.cpu("ours", "-r", self.web(1))[0]
            seconds = [statistics.median(self.cpu("ours", "-V", "-r", p)[0] for _ in range(3)) - empty for p in paths]
            print("%-52s %s s for a quarter, half, whole" % (name, ", ".join("%.3f" % s for s in seconds)), flush=True)

    def run_gui(self):
        asked = [int(word) for word in self.arguments.calls.split(",")]
        calls = 10000 if 10000 in asked else asked[-1]
        path = self.mix(calls, 20)
        # A packet of each kind in each of many calls; and calls that differ, for sharkd remembers what a filter gave.
        clicked = [first + k for first in range(1, calls * 54, calls * 54 // 20) for k in range(54)]
        filters, clicks, loads, firsts = [], [], [], []
        for n in range(self.arguments.pairs):
            seconds = {}
            for side in ("ours", "stock") if n % 2 == 0 else ("stock", "ours"):
                sharkd = gui.Sharkd(self.command(side, "sharkd", "-"), path)
                by = 'webrtc.session == "s%d"' if side == "ours" else "udp.port == %d"
                first = sharkd.filter(by % 1)
                again = [sharkd.filter(by % (2 + k)) for k in range(3)]
                seconds[side] = (sharkd.load_seconds, first, statistics.median(again), sharkd.click(clicked))
                sharkd.close()
            ratios = [x / y for x, y in zip(seconds["ours"], seconds["stock"])]
            for series, ratio in zip((loads, firsts, filters, clicks), ratios):
                series.append(ratio)
        for label, mark, series in (("loading %d calls" % calls, "none", loads),
                                    ("the first filter, with all verdicts", "none", firsts),
                                    ("a filter by call / by port", "1.10", filters),
                                    ("clicking %d packets, each kind as often" % len(clicked), "1.10", clicks)):
            print("%-52s %7.3f  (%.3f..%.3f)   mark %s" % (label, statistics.median(series), min(series), max(series),
                                                           mark), flush=True)

    def run_callgrind(self):
        for name, mark, small, large in (("web", "1.05", self.web(5000), self.web(15000)),
                                         ("WebRTC mix", "1.15", self.mix(12, 400), self.mix(36, 400))):
            for view, options, wanted in (("packet list", [], mark), ("-V", ["-V"], "1.05")):
                self.counted("%s, %s, instructions" % (name, view), wanted,
                             *(lambda side, path=path: self.instructions(side, "tshark", "-r", path, *options)
                               for path in (small, large)))
        path, packets = self.mix(36, 400), 36 * 434
        told = [gui.clicks(path, range(1, packets, packets // n)) for n in (100, 500)]
        for label, mark, within in (("clicking packets as they come, redissection", "1.10", "epan_dissect_run"),
                                    ("the same, with what sharkd writes of them", "none", None)):
            self.counted(label, mark, *(lambda side, told=x: self.instructions(side, "sharkd", "-", told=told,
                                                                               within=within) for x in told))


PARTS = ["callgrind", "web", "mix", "report", "lua", "scale", "memory", "size", "gui"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugins", required=True, help="folder with webrtc*.so, in a folder named after the series")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--packets", type=int, default=300000)
    parser.add_argument("--calls", default="100,1000,10000")
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        if arguments.keep:
            os.makedirs(arguments.keep, exist_ok=True)
        bench = Bench(arguments, arguments.keep or temporary)
        for part in arguments.only.split(","):
            getattr(bench, "run_" + part)()


if __name__ == "__main__":
    main()
