#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints the results of `scripts/bench --json FILE` as the tables of docs/performance.md."""
import json
import sys


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(head, rows):
    if rows:
        print("| " + " | ".join(head) + " |")
        print("|" + "---|" * len(head))
        for row in rows:
            print("| " + " | ".join(row) + " |")
        print()


def line(result):
    words = result["name"] + (f" ({result['note']})" if result.get("note") else "")
    own = [words, str(result["threads"]), f"{number(result['value'])} {result['unit']}",
           number(result["median"]),
           f"{number(result['gflops'])}, {result['percent_of_peak']:.0f} %"
           if "gflops" in result else ""]
    peers = [f"**{peer['ratio']:.2f} x** {peer['name']} {number(peer['value'])}"
             + (f" ({peer['note']})" if peer["note"] else "") for peer in result["peers"]]
    return own + ["; ".join(peers + result["missing"])]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: tables.py FILE")
    with open(sys.argv[1], encoding="utf-8") as file:
        run = json.load(file)
    print(", ".join(f"{key} {run[key]}" for key in (
        "commit", "compiler", "flags", "simd", "cpu", "processors", "date", "load", "load_at_end")))
    print()
    head = ["", "threads", "best", "median", "GFLOP/s, of peak", "beside"]
    results = run["results"]
    table(head, [line(r) for r in results if r["unit"] == "images/s"])
    table(head, [line(r) for r in results if r["name"].startswith("inference")])
    table(head, [line(r) for r in results
                 if r["unit"] != "images/s" and not r["name"].startswith("inference")])


main()
