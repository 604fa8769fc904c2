"""What we measure ourselves against, and how. `make bench` runs it; docs/bench.md tells what came
out.

The figures that hold on any machine are the ratios: of a registration to the bare database that
writes the same rows, of a page at 100,000 cases to the same page at 1,000. Whatever is compared is
measured in turns (A-B-A-B), so that a machine that is slower for a while is slower for both.
"""
