"""The benchmark, `make bench`: how fast the emulator is on this machine, against its goals.

It is not shipped. The emulator and a bare Flask app run behind the same server, each in a process
of its own; a third process asks. Two things that are to be compared are always measured one right
after the other, several times over, because other work on the machine comes and goes.
"""
